// SPDX-License-Identifier: MIT
/* The kernel's image: its header, and gzip around it. */
#include "linux_cell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Linux Documentation/arm64/booting.rst, "Call the kernel image". Little-endian, and we run on nothing else. */
#define HEADER_SIZE	  64u
#define TEXT_OFFSET	  8u
#define IMAGE_SIZE	  16u
#define FLAGS		  24u
#define MAGIC		  56u
#define FLAG_BIG_ENDIAN	  1u
#define OLD_TEXT_OFFSET	  0x80000u /* of kernels that leave image_size 0 (before 3.17) */
#define IMAGE_ALIGN	  0x200000u
#define GZIP_WINDOW	  (15 + 16) /* zlib: the largest window, gzip's header */
#define CHUNK		  (4u << 20)

static uint64_t number(const uint8_t *bytes, unsigned offset)
{
	uint64_t value;

	memcpy(&value, bytes + offset, sizeof(value));
	return value;
}

static bool is_gzip(const uint8_t *data, size_t size)
{
	return size > 18 && data[0] == 0x1f && data[1] == 0x8b; /* RFC 1952 */
}

/* Everything that comes of the stream. -EFBIG beyond the limit, -EBADMSG when it is damaged or cut off. */
static int inflate_all(z_stream *stream, uint64_t limit, uint8_t **out, size_t *size)
{
	size_t room = 0;
	int status = Z_OK;

	while (status == Z_OK) {
		if (*size == room) {
			uint8_t *grown = realloc(*out, room + CHUNK);

			if (!grown)
				return -ENOMEM;
			*out = grown;
			room += CHUNK;
		}
		stream->next_out = *out + *size;
		stream->avail_out = (uInt)(room - *size);
		status = inflate(stream, Z_NO_FLUSH);
		*size = room - stream->avail_out;
		if (*size > limit)
			return -EFBIG;
	}
	return status == Z_STREAM_END ? 0 : -EBADMSG;
}

static int unpack(const void *data, size_t size, uint64_t limit, struct linux_kernel *kernel)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size };
	uint8_t *out = NULL;
	int err;

	if (size > UINT32_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return -ENOMEM;
	err = inflate_all(&stream, limit, &out, &kernel->size);
	inflateEnd(&stream);
	if (err)
		free(out);
	else
		kernel->data = kernel->unpacked = out;
	return err;
}

static int refuse_packed(int err, size_t size, uint64_t limit, struct linux_problem *problem)
{
	if (err == -EFBIG)
		return linux_refuse(problem, "linux-memory", "Give the cell more memory.",
				    "The kernel unpacks to more than the %" PRIu64 " MiB that the cell has in one piece.",
				    limit >> 20);
	if (err == -EBADMSG)
		return linux_refuse(problem, "linux-kernel-damaged", "Copy or PUT the kernel again.",
				    "The %zu bytes of the kernel are no complete gzip file.", size);
	return err;
}

static int read_header(struct linux_kernel *kernel, struct linux_problem *problem)
{
	const uint8_t *bytes = kernel->data;

	if (kernel->size < HEADER_SIZE || memcmp(bytes + MAGIC, "ARM\x64", 4) != 0)
		return linux_refuse(problem, "linux-kernel", "Give an arm64 Image or vmlinuz, plain or packed by gzip.",
				    "The %zu bytes of the kernel are no arm64 Image: its magic is missing.",
				    kernel->size);
	if (number(bytes, FLAGS) & FLAG_BIG_ENDIAN)
		return linux_refuse(problem, "linux-kernel", "Give a little-endian kernel.",
				    "The kernel is big-endian.");
	kernel->text_offset = number(bytes, TEXT_OFFSET);
	kernel->image_size = number(bytes, IMAGE_SIZE);
	if (!kernel->image_size)
		kernel->text_offset = OLD_TEXT_OFFSET;
	if (kernel->image_size < kernel->size)
		kernel->image_size = kernel->size;
	if (kernel->text_offset >= IMAGE_ALIGN || kernel->image_size > UINT32_MAX)
		return linux_refuse(problem, "linux-kernel", "Give an arm64 Image or vmlinuz, plain or packed by gzip.",
				    "The kernel's header wants 0x%" PRIx64 " bytes at offset 0x%" PRIx64 ".",
				    kernel->image_size, kernel->text_offset);
	return 0;
}

int linux_kernel_open(const void *data, size_t size, uint64_t limit, struct linux_kernel *kernel,
		      struct linux_problem *problem)
{
	int err = 0;

	*kernel = (struct linux_kernel){ .data = data, .size = size };
	if (is_gzip(data, size)) {
		kernel->size = 0;
		err = refuse_packed(unpack(data, size, limit, kernel), size, limit, problem);
	}
	if (!err)
		err = read_header(kernel, problem);
	if (err)
		linux_kernel_close(kernel);
	return err;
}

void linux_kernel_close(struct linux_kernel *kernel)
{
	free(kernel->unpacked);
	*kernel = (struct linux_kernel){ 0 };
}
