// SPDX-License-Identifier: MIT
#include <hv/arch.h>
#include <hv/log.h>

#include "../lib/printf.h"

struct jh_log hv_log __attribute__((section(".public.0"), aligned(0x1000)));
struct jh_status hv_status __attribute__((section(".public.1"), aligned(0x1000)));

struct spinlock log_lock;

void log_put_locked(const char *line, size_t size)
{
	__atomic_store_n(&hv_log.busy, 1, __ATOMIC_SEQ_CST);
	for (size_t i = 0; i < size; i++)
		hv_log.content[hv_log.tail++ % JH_LOG_SIZE] = line[i];
	__atomic_store_n(&hv_log.busy, 0, __ATOMIC_SEQ_CST);
	uart_write(line, (unsigned int)size);
}

void log_print(const char *format, ...)
{
	char line[256];
	va_list args;
	size_t size;

	va_start(args, format);
	size = hv_vsnprintf(line, sizeof(line), format, args);
	va_end(args);

	spin_lock(&log_lock);
	log_put_locked(line, size);
	spin_unlock(&log_lock);
}
