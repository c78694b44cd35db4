/* SPDX-License-Identifier: MIT */
/* The debug UARTs of boards, chosen by the console type of the system configuration: uart/. */
#ifndef HV_UART_H
#define HV_UART_H

#include <jailhouse/config.h>
#include <stdbool.h>

/* Whether EL2 can write to it; then it needs the page of its registers. Others are left alone. */
bool uart_is_driven(const struct jh_console_desc *console);

#endif
