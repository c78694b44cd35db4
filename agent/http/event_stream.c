// SPDX-License-Identifier: MIT
/* Server-sent events (the WHATWG's HTML standard, "Server-sent events"): agent/README.md has the messages. */
#include "exchange.h"

#include "cell_table.h"
#include "console.h"
#include "event_json.h"
#include "news.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#define STREAMS_MAX 24 /* each holds a thread of the server */
#define BATCH 100
#define TICK_MS 1000 /* consoles are told once in it: a cell that prints much makes no more messages than that */
#define CREDENTIAL_MS 30000 /* who was sent away does not go on reading */

struct seen_console {
	char name[API_NAME_LEN];
	uint64_t end;
};

struct event_stream {
	struct exchange *exchange;
	struct agent *agent;
	int64_t last; /* id of the event that was sent last */
	uint64_t news, mark;
	struct seen_console *consoles;
	size_t num_consoles;
	bool alive;
};

static atomic_int streams;

/* Takes the tree. id 0: the message is none that can be asked for again. */
static void send_message(struct event_stream *stream, const char *name, int64_t id, cJSON *json)
{
	char *data = json ? cJSON_PrintUnformatted(json) : NULL, *text = NULL, number[32] = "";
	int length = -1;

	cJSON_Delete(json);
	if (id)
		snprintf(number, sizeof(number), "id: %lld\n", (long long)id);
	if (data && stream->alive)
		length = asprintf(&text, "%s%s%s%sdata: %s\n\n", number, name ? "event: " : "", name ? name : "",
				  name ? "\n" : "", data);
	stream->alive = length > 0 && mg_write(stream->exchange->connection, text, (size_t)length) == length;
	if (length > 0)
		free(text);
	cJSON_free(data);
}

static void send_uptime(struct event_stream *stream, const char *name)
{
	cJSON *json = cJSON_CreateObject();
	struct sysinfo info = { 0 };

	sysinfo(&info);
	cJSON_AddNumberToObject(json, "uptime_seconds", (double)info.uptime);
	send_message(stream, name, 0, json);
}

static int64_t id_of(const cJSON *event)
{
	return (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(event, "id"));
}

/* Ids have no gaps: what does not follow the last one was removed to make room, and is told as lost. */
static void send_lost(struct event_stream *stream, int64_t next)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "events", (double)(next - stream->last - 1));
	send_message(stream, "lost", 0, json);
}

static void send_event(struct event_stream *stream, cJSON *event)
{
	int64_t id = id_of(event);

	if (id != stream->last + 1)
		send_lost(stream, id);
	stream->last = id;
	send_message(stream, NULL, id, event);
}

/* Number of events that were sent. They are collected first: the store is locked while it is walked. */
static int send_batch(struct event_stream *stream)
{
	struct store_event_filter filter = { .after = stream->last, .limit = BATCH, .oldest_first = true };
	cJSON *events = cJSON_CreateArray(), *event;
	int count = 0;

	stream->agent->store_ops->event_each(stream->agent->store, &filter, event_json_add, events);
	while (stream->alive && (event = cJSON_DetachItemFromArray(events, 0))) {
		send_event(stream, event);
		count++;
	}
	cJSON_Delete(events);
	return count;
}

static struct seen_console *seen_console(struct event_stream *stream, const char *name)
{
	struct seen_console *grown;

	for (size_t i = 0; i < stream->num_consoles; i++)
		if (strcmp(stream->consoles[i].name, name) == 0)
			return &stream->consoles[i];
	grown = realloc(stream->consoles, (stream->num_consoles + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	stream->consoles = grown;
	grown[stream->num_consoles] = (struct seen_console){ 0 };
	snprintf(grown[stream->num_consoles].name, API_NAME_LEN, "%s", name);
	return &grown[stream->num_consoles++];
}

struct look {
	struct event_stream *stream;
	cJSON *items;
};

static void look_at_console(void *context, const char *name, struct console *console)
{
	struct look *look = context;
	struct seen_console *seen = seen_console(look->stream, name);
	struct console_view view;
	char line[CONSOLE_LINE] = "";
	cJSON *json;

	console_view(console, &view);
	if (!seen || view.end == seen->end)
		return;
	seen->end = view.end;
	console_last_line(console, line, sizeof(line));
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "cell", name);
	cJSON_AddNumberToObject(json, "start", (double)view.start);
	cJSON_AddNumberToObject(json, "end", (double)view.end);
	cJSON_AddStringToObject(json, "last_line", line);
	cJSON_AddItemToArray(look->items, json);
}

static void send_consoles(struct event_stream *stream)
{
	struct look look = { stream, cJSON_CreateArray() };
	cJSON *json;

	cell_table_each_console(stream->agent->cells, look_at_console, &look);
	if (cJSON_GetArraySize(look.items) == 0) {
		cJSON_Delete(look.items);
		return;
	}
	json = cJSON_CreateObject();
	cJSON_AddItemToObject(json, "items", look.items);
	send_message(stream, "consoles", 0, json);
}

/* Events first: who asks again because of "changed" has heard why. */
static void send_news(struct event_stream *stream)
{
	uint64_t mark = cell_table_mark(stream->agent->cells);
	bool changed = mark != stream->mark;
	int count;

	stream->mark = mark;
	while (stream->alive && (count = send_batch(stream)) > 0) {
		changed = true;
		if (count < BATCH)
			break;
	}
	if (changed)
		send_message(stream, "changed", 0, cJSON_CreateObject());
}

static bool still_permitted(struct event_stream *stream)
{
	struct exchange *exchange = stream->exchange;

	return credential_identify(exchange) == 0 && exchange->request.who.role >= exchange->route->role;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int until_ms(int64_t last, int64_t period)
{
	int64_t left = last + period - now_ms();

	return left > 0 ? (int)left : 0;
}

/* True every `period` at most. */
static bool is_due(int64_t *last, int64_t period)
{
	int64_t now = now_ms();
	bool due = now - *last >= period;

	if (due)
		*last = now;
	return due;
}

static void follow(struct event_stream *stream)
{
	int64_t ticked = now_ms(), asked = ticked;

	send_uptime(stream, "hello");
	send_consoles(stream);
	while (stream->alive) {
		send_news(stream);
		if (is_due(&ticked, TICK_MS)) {
			send_consoles(stream);
			send_uptime(stream, "tick");
		}
		if (is_due(&asked, CREDENTIAL_MS) && !still_permitted(stream))
			break;
		if (!news_wait(stream->agent->news, &stream->news, until_ms(ticked, TICK_MS)))
			break;
	}
}

static int newest(void *context, const struct store_event *event)
{
	*(int64_t *)context = event->id;
	return 0;
}

/* From where: Last-Event-ID, which browsers send by themselves, or ?since=ID; without, what comes from now on. */
static bool find_begin(struct event_stream *stream)
{
	struct exchange *exchange = stream->exchange;
	struct store_event_filter filter = { .limit = 1 };
	const char *text = head_get(&exchange->head, "Last-Event-ID");
	int64_t last = 0;
	char since[24], *end;

	if (!text && api_query(&exchange->request, "since", since, sizeof(since)))
		text = since;
	stream->agent->store_ops->event_each(stream->agent->store, &filter, newest, &last);
	stream->last = text ? strtoll(text, &end, 10) : last;
	if (text && (end == text || *end || stream->last < 0)) {
		api_problem(&exchange->reply, 400, "bad-request", "Send the id of an event.",
			    "\"%.24s\" is not the id of an event.", text);
		return false;
	}
	/* An id of the future is one of another database: there is nothing behind it. */
	if (stream->last > last)
		stream->last = last;
	return true;
}

static void begin(struct exchange *exchange)
{
	exchange->unbounded = true;
	exchange->close = true;
	exchange->reply.status = 200;
	exchange->reply.type = "text/event-stream";
	mg_disable_connection_keep_alive(exchange->connection);
	reply_send(exchange);
	exchange->sent = true;
}

void event_stream_run(struct exchange *exchange)
{
	struct event_stream stream = { .exchange = exchange, .agent = exchange->http->agent, .alive = true };

	if (!body_take(exchange) || !find_begin(&stream))
		return;
	if (atomic_fetch_add(&streams, 1) >= STREAMS_MAX) {
		api_problem(&exchange->reply, 503, "busy", "Close one, or ask /api/v1/events now and then.",
			    "%d streams of events are open, which is all there are.", STREAMS_MAX);
	} else {
		stream.mark = cell_table_mark(stream.agent->cells);
		begin(exchange);
		if (!reply_without_body(exchange))
			follow(&stream);
	}
	atomic_fetch_sub(&streams, 1);
	free(stream.consoles);
}
