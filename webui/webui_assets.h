/* SPDX-License-Identifier: MIT */
/* The dashboard's files as the agent serves them. */
#ifndef WEBUI_ASSETS_H
#define WEBUI_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct webui_asset {
	const char *path; /* "/index.html" */
	const char *type; /* Content-Type */
	const char *etag; /* with its quotes */
	const unsigned char *data;
	size_t size;
	bool gzip; /* data is compressed */
};

extern const struct webui_asset webui_assets[];
extern const size_t webui_asset_count;

#endif
