// SPDX-License-Identifier: MIT
#include "assets.h"

#include "coding.h"

#include <webui_assets.h>

#include <stdio.h>
#include <string.h>

static const struct webui_asset *find(const struct agent *agent, const char *path)
{
	for (size_t i = 0; i < agent->num_assets; i++)
		if (strcmp(agent->assets[i].path, path) == 0)
			return &agent->assets[i];
	return NULL;
}

/* "/cells/heartbeat" is a page of the dashboard, not a file: the page decides what to show. */
static const struct webui_asset *find_or_page(const struct agent *agent, const char *path)
{
	const struct webui_asset *asset = find(agent, path);
	const char *leaf = strrchr(path, '/');

	/* Names of cells may have a dot; names of files that are not there do not become pages. */
	if (asset || (strncmp(path, "/cells/", 7) != 0 && leaf && strchr(leaf, '.')))
		return asset;
	return find(agent, "/index.html");
}

/* A representation without gzip is another one: its ETag is not that of the compressed one (RFC 9110, 8.8.3). */
static bool is_current(const struct webui_asset *asset, bool gzip, const char *if_none_match, struct api_reply *reply)
{
	char etag[64];

	if (gzip || !asset->gzip)
		snprintf(etag, sizeof(etag), "%s", asset->etag);
	else
		snprintf(etag, sizeof(etag), "%.*s-identity\"", (int)strlen(asset->etag) - 1, asset->etag);
	api_reply_header(reply, "ETag: %s", etag);
	return if_none_match && strstr(if_none_match, etag);
}

static void fill_head(const struct webui_asset *asset, bool gzip, struct api_reply *reply)
{
	bool page = strcmp(asset->path, "/index.html") == 0;

	/* The names of all others change with their content. */
	api_reply_header(reply, "Cache-Control: %s", page ? "no-cache" : "public, max-age=31536000, immutable");
	if (gzip)
		api_reply_header(reply, "Content-Encoding: gzip");
	if (asset->gzip)
		api_reply_header(reply, "Vary: Accept-Encoding");
}

static void fill_content(const struct webui_asset *asset, bool gzip, struct api_reply *reply)
{
	reply->status = 200;
	reply->type = asset->type;
	if (gzip || !asset->gzip) {
		reply->constant = asset->data;
		reply->size = asset->size;
		return;
	}
	reply->body = coding_gunzip(asset->data, asset->size, &reply->size);
	if (!reply->body)
		api_problem(reply, 500, "internal", "Accept gzip, or try again.",
			    "The board has no memory to decompress %s.", asset->path);
}

bool assets_reply(const struct agent *agent, const char *method, const char *path, const char *if_none_match,
		  const char *accept_encoding, struct api_reply *reply)
{
	const struct webui_asset *asset = find_or_page(agent, path);
	bool gzip;

	if (!asset)
		return false;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return false;
	gzip = asset->gzip && coding_wants_gzip(accept_encoding);
	if (is_current(asset, gzip, if_none_match, reply))
		reply->status = 304;
	else
		fill_content(asset, gzip, reply);
	fill_head(asset, gzip && reply->status != 304, reply);
	return true;
}
