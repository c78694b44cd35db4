/* SPDX-License-Identifier: MIT */
/* Cells of the isolation suite, MMU off, RAM at 0, communication region at 0x80000000. KIND_x chooses what one does. */
#include <jailhouse/hypercall.h>

	.macro	say text
	adr	x19, 9f
	bl	puts
	b	10f
9:	.asciz	"\text\n"
	.balign	4
10:
	.endm

	.text
	.global _start
_start:
#if defined(KIND_beat)
	say	beat
	b	.
#elif defined(KIND_secret)		/* fills the 4 MiB at 0x400000 */
	mov	x20, #0x400000
	mov	x21, #0x800000
	movz	x22, #0x5ec2
	movk	x22, #0x5ec2, lsl #16
1:	stp	x22, x22, [x20], #16
	cmp	x20, x21
	b.lo	1b
	dsb	sy
	say	written
	b	.
#elif defined(KIND_look)		/* is anything in them? */
	mov	x20, #0x400000
	mov	x21, #0x800000
1:	ldp	x22, x23, [x20], #16
	orr	x22, x22, x23
	cbnz	x22, 2f
	cmp	x20, x21
	b.lo	1b
	say	all-zero
	b	.
2:	say	secret-found
	b	.
#elif defined(KIND_rtc)			/* a PL031: at 0x40000000 data, match, load; at 0x40000fe0 identification (DDI 0224) */
	mov	x20, #0x40000000
	ldr	w1, [x20]			/* RTCDR: seconds */
	cbz	w1, 2f
	movz	w2, #0x5678
	movk	w2, #0x1234, lsl #16
	str	w2, [x20, #4]			/* RTCMR */
	ldr	w1, [x20, #4]
	cmp	w1, w2
	b.ne	2f
	ldr	w1, [x20, #0xfe0]		/* RTCPeriphID0 */
	cmp	w1, #0x31
	b.ne	2f
	ldrb	w1, [x20, #0xfe4]
	cmp	w1, #0x10
	b.ne	2f
	say	device-answers
1:	wfi
	b	1b
2:	say	device-is-wrong
	b	.
#elif defined(KIND_rtcwide)
	mov	x20, #0x40000000
	ldr	x1, [x20]
	b	not_stopped
#elif defined(KIND_rtcbyte)
	mov	x20, #0x40000000
	ldrb	w1, [x20]
	b	not_stopped
#elif defined(KIND_rtcwrite)
	mov	x20, #0x40000000
	str	wzr, [x20, #0xfe0]
	b	not_stopped
#elif defined(KIND_rtcoutside)
	mov	x20, #0x40000000
	ldr	w1, [x20, #0x20]
	b	not_stopped
#elif defined(KIND_nothing)
	mov	x20, #0x40000000
	ldr	w1, [x20]
	b	not_stopped
#elif defined(KIND_deny) || defined(KIND_lock)
	mov	x20, #0x80000000		/* the communication region */
#ifdef KIND_lock
	mov	w1, #JH_CELL_STATE_RUNNING_LOCKED
	str	w1, [x20, #8]			/* cell_state */
	say	locked
#else
	say	denying
#endif
1:	yield
	ldr	w1, [x20, #12]			/* msg_to_cell */
	cbz	w1, 1b
	str	wzr, [x20, #12]
	dmb	sy
	mov	w1, #2				/* JH_REPLY_DENIED, also of what only informs */
	str	w1, [x20, #16]			/* reply_from_cell */
	b	1b
#endif

not_stopped:
	say	not-stopped
	b	.
puts:	ldrb	w1, [x19], #1
	cbz	w1, 1f
	mov	x0, #JH_HC_DEBUG_CONSOLE_PUTC
	hvc	#JH_HVC_IMMEDIATE
	b	puts
1:	ret
