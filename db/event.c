// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static void event_from_row(struct db_query *query, struct db_event *event)
{
	event->id = sqlite3_column_int64(query->stmt, 0);
	event->time = sqlite3_column_int64(query->stmt, 1);
	db_column_text(query, 2, event->severity, sizeof(event->severity));
	db_column_text(query, 3, event->kind, sizeof(event->kind));
	db_column_text(query, 4, event->cell, sizeof(event->cell));
	db_column_text(query, 5, event->actor, sizeof(event->actor));
	db_column_text(query, 6, event->detail, sizeof(event->detail));
	db_column_text(query, 7, event->request, sizeof(event->request));
}

/* One statement for either table: requests have one of their own, so that many of them push out nothing that happened. */
#define TABLE_SQL(table, sql) ((table) == REQUESTS ? sql("request") : sql("event"))

enum table { EVENTS, REQUESTS };

/* AUTOINCREMENT never gives an id twice: what lies that far below the newest is the surplus. */
#define TRIM(table) "DELETE FROM " table " WHERE id <= (SELECT max(id) FROM " table ") - ?1"

static int trim(struct db *db, enum table table)
{
	struct db_query query;

	db_begin(&query, db, TABLE_SQL(table, TRIM));
	db_bind_int(&query, 1, DB_EVENTS_KEPT);
	db_row(&query);
	return db_end(&query);
}

#define INSERT(table)                                                            \
	"INSERT INTO " table " (time, severity, kind, cell, actor, detail, request)" \
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id"

static void add_words(struct db_query *query, int64_t id, const char *words)
{
	db_next(query, "INSERT INTO last_words (event, words) VALUES (?1, ?2)");
	db_bind_int(query, 1, id);
	db_bind_text(query, 2, words);
	db_row(query);
	db_next(query,
		"DELETE FROM last_words WHERE event <= (SELECT event FROM last_words ORDER BY event DESC LIMIT 1 OFFSET ?1)");
	db_bind_int(query, 1, DB_WORDS_KEPT);
	db_row(query);
}

int db_event_add(struct db *db, const struct db_event *event)
{
	const char *const texts[] = { event->severity, event->kind,   event->cell,
				      event->actor,    event->detail, event->request };
	enum table table = *event->request ? REQUESTS : EVENTS;
	struct db_query query;
	int64_t id = 0;
	int err;

	db_begin_change(&query, db);
	db_next(&query, TABLE_SQL(table, INSERT));
	db_bind_int(&query, 1, (int64_t)time(NULL));
	for (int i = 0; i < 6; i++)
		db_bind_text(&query, i + 2, texts[i]);
	while (db_row(&query))
		id = sqlite3_column_int64(query.stmt, 0);
	if (event->words)
		add_words(&query, id, event->words);
	err = db_end_change(&query);
	/* Now and then is enough, and the event is stored whatever comes of it. */
	if (!err && id % 256 == 0)
		trim(db, table);
	return err;
}

int db_event_get(struct db *db, int64_t id, struct db_event *event, char **words)
{
	const unsigned char *text;
	struct db_query query;

	*words = NULL;
	db_begin(
		&query, db,
		"SELECT id, time, severity, kind, cell, actor, detail, request, words FROM event LEFT JOIN last_words ON event = id WHERE id = ?1");
	db_bind_int(&query, 1, id);
	if (db_found(&query)) {
		event_from_row(&query, event);
		event->words = NULL;
		text = sqlite3_column_text(query.stmt, 8);
		*words = text ? strdup((const char *)text) : NULL;
		if (text && !*words)
			query.err = -ENOMEM;
	}
	return db_end(&query);
}

/* An index gives the order; the rest is looked at row by row, of at most DB_EVENTS_KEPT. */
#define SELECT(table)                                                                                   \
	"SELECT id, time, severity, kind, cell, actor, detail, request FROM " table                     \
	" WHERE (?1 IS NULL OR cell = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR actor = ?3)" \
	" AND CASE severity WHEN 'error' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END >= ?4"                 \
	" AND (?5 = 0 OR id < ?5) AND id > ?6 AND time >= ?8"
#define SELECT_OLDEST(table) SELECT(table) " ORDER BY id LIMIT ?7"
#define SELECT_NEWEST(table) SELECT(table) " ORDER BY id DESC LIMIT ?7"

int db_event_each(struct db *db, const struct db_event_filter *filter, db_event_each_fn each, void *context)
{
	enum table table = filter->requests ? REQUESTS : EVENTS;
	struct db_query query;
	struct db_event event;

	db_begin(&query, db,
		 filter->oldest_first ? TABLE_SQL(table, SELECT_OLDEST) : TABLE_SQL(table, SELECT_NEWEST));
	db_bind_text(&query, 1, filter->cell); /* NULL binds NULL */
	db_bind_text(&query, 2, filter->kind);
	db_bind_text(&query, 3, filter->actor);
	db_bind_int(&query, 4, filter->severity);
	db_bind_int(&query, 5, filter->before);
	db_bind_int(&query, 6, filter->after);
	db_bind_int(&query, 7, filter->limit);
	db_bind_int(&query, 8, filter->since);
	while (db_row(&query)) {
		event_from_row(&query, &event);
		query.err = each(context, &event);
	}
	return db_end(&query);
}
