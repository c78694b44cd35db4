// SPDX-License-Identifier: MIT
#include "images.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

struct receipt {
	int fd;
	char path[512];
	EVP_MD_CTX *hash;
	uint64_t size;
};

static void path_of(char *path, size_t size, const char *data, const char *leaf)
{
	snprintf(path, size, "%s/images/%s", data, leaf);
}

static bool is_part(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".part") == 0;
}

int images_prepare(const char *data)
{
	char path[512];
	struct dirent *entry;
	DIR *folder;

	path_of(path, sizeof(path), data, "");
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return -errno;
	folder = opendir(path);
	if (!folder)
		return -errno;
	while ((entry = readdir(folder)))
		if (is_part(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	return 0;
}

static int receipt_open(struct receipt *receipt, const char *data)
{
	path_of(receipt->path, sizeof(receipt->path), data, "XXXXXX.part");
	receipt->size = 0;
	receipt->hash = EVP_MD_CTX_new();
	if (!receipt->hash || EVP_DigestInit_ex(receipt->hash, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(receipt->hash);
		return -ENOMEM;
	}
	receipt->fd = mkostemps(receipt->path, 5, O_CLOEXEC);
	if (receipt->fd < 0) {
		EVP_MD_CTX_free(receipt->hash);
		return -errno;
	}
	return 0;
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t count = write(fd, bytes, size);

		if (count < 0 && errno != EINTR)
			return -errno;
		if (count > 0) {
			bytes += count;
			size -= (size_t)count;
		}
	}
	return 0;
}

static int receipt_fill(struct receipt *receipt, const struct api_stream *stream)
{
	char *chunk = malloc(CHUNK);
	int err = chunk ? 0 : -ENOMEM;

	while (!err) {
		long count = stream->read(stream->context, chunk, CHUNK);

		if (count <= 0) {
			err = (int)count;
			break;
		}
		receipt->size += (uint64_t)count;
		if (receipt->size > IMAGE_MAX)
			err = -EFBIG;
		else if (EVP_DigestUpdate(receipt->hash, chunk, (size_t)count) != 1)
			err = -EIO;
		else
			err = write_all(receipt->fd, chunk, (size_t)count);
	}
	free(chunk);
	return err;
}

static void hash_text(struct receipt *receipt, char text[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	EVP_DigestFinal_ex(receipt->hash, digest, &size);
	for (unsigned int i = 0; i < size && i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static int folder_sync(const char *data)
{
	char path[512];
	int fd, err;

	path_of(path, sizeof(path), data, "");
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) == 0 ? 0 : -errno;
	close(fd);
	return err;
}

int images_keep(const char *data, const struct image_upload *upload, struct image_file *file)
{
	char path[512];

	path_of(path, sizeof(path), data, upload->sha256);
	if (rename(upload->path, path) != 0) {
		int err = -errno;

		images_discard(upload);
		return err;
	}
	memcpy(file->sha256, upload->sha256, sizeof(file->sha256));
	file->size = upload->size;
	return folder_sync(data);
}

void images_discard(const struct image_upload *upload)
{
	unlink(upload->path);
}

int images_receive(const char *data, const struct api_stream *stream, struct image_upload *upload)
{
	struct receipt receipt;
	int err;

	if (stream->declared > (int64_t)IMAGE_MAX)
		return -EFBIG;
	err = receipt_open(&receipt, data);
	if (err)
		return err;
	err = receipt_fill(&receipt, stream);
	if (!err && fsync(receipt.fd) != 0)
		err = -errno;
	hash_text(&receipt, upload->sha256);
	memcpy(upload->path, receipt.path, sizeof(upload->path));
	upload->size = receipt.size;
	if (err)
		images_discard(upload);
	close(receipt.fd);
	EVP_MD_CTX_free(receipt.hash);
	return err;
}

int images_open(const char *data, const char *sha256)
{
	char path[512];
	int fd;

	path_of(path, sizeof(path), data, sha256);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : -errno;
}

int images_remove(const char *data, const char *sha256)
{
	char path[512];

	path_of(path, sizeof(path), data, sha256);
	return unlink(path) == 0 ? 0 : -errno;
}
