// SPDX-License-Identifier: MIT
#include "assets.h"

#include <webui_assets.h>

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

static void fill(const struct webui_asset *asset, struct api_reply *reply)
{
	bool page = strcmp(asset->path, "/index.html") == 0;

	reply->status = 200;
	reply->type = asset->type;
	reply->constant = asset->data;
	reply->size = asset->size;
	api_reply_header(reply, "ETag: %s", asset->etag);
	/* The names of all others change with their content. */
	api_reply_header(reply, "Cache-Control: %s", page ? "no-cache" : "public, max-age=31536000, immutable");
	if (asset->gzip) {
		api_reply_header(reply, "Content-Encoding: gzip");
		api_reply_header(reply, "Vary: Accept-Encoding");
	}
}

bool assets_reply(const struct agent *agent, const char *method, const char *path, const char *if_none_match,
		  const char *accept_encoding, struct api_reply *reply)
{
	const struct webui_asset *asset = find_or_page(agent, path);

	if (!asset)
		return false;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return false;
	if (asset->gzip && (!accept_encoding || !strstr(accept_encoding, "gzip"))) {
		api_problem(reply, 406, "gzip-required", "Send Accept-Encoding: gzip.",
			    "The dashboard is stored compressed.");
		return true;
	}
	fill(asset, reply);
	if (if_none_match && strstr(if_none_match, asset->etag)) {
		reply->status = 304;
		reply->constant = NULL;
		reply->size = 0;
	}
	return true;
}
