// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include "scan_token.h"

static bool fail(struct scan_token *token, uint32_t start, uint32_t end, const char *problem, const char *remedy)
{
	token->start = start;
	token->end = end > token->length ? token->length : end;
	token->problem = problem;
	token->remedy = remedy;
	return false;
}

bool scan_token_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '+' || c == '.' || c == '$';
}

uint32_t scan_token_word_end(const struct scan_token *token)
{
	uint32_t end = token->start;

	while (end < token->length && scan_token_is_word(token->text[end]))
		end++;
	return end > token->start ? end : token->start + 1;
}

/* Bytes of the UTF-8 sequence at `at` (RFC 3629: no surrogates, shortest form, up to U+10FFFF); 0 = it is none. */
static unsigned utf8_length(const unsigned char *at)
{
	unsigned length = at[0] < 0x80			? 1 :
			  at[0] >= 0xc2 && at[0] < 0xe0 ? 2 :
			  (at[0] & 0xf0) == 0xe0	? 3 :
			  at[0] >= 0xf0 && at[0] < 0xf5 ? 4 :
							  0;

	for (unsigned i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) || (at[0] == 0xf0 && at[1] < 0x90) ||
	    (at[0] == 0xf4 && at[1] >= 0x90))
		return 0;
	return length;
}

/* \uXXXX at `at`; -1 = it is none. */
static long unicode_escape(const char *at)
{
	long value = 0;

	if (at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)at[i]))
			return -1;
		value = value * 16 + (isdigit((unsigned char)at[i]) ? at[i] - '0' : (at[i] | 32) - 'a' + 10);
	}
	return value;
}

static unsigned escape_length(const char *at)
{
	long code = unicode_escape(at), low;

	if (code < 0)
		return at[1] && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
	if (code >= 0xd800 && code < 0xdc00) {
		low = unicode_escape(at + 6);
		return low >= 0xdc00 && low < 0xe000 ? 12 : 0;
	}
	/* A NUL would end the text before its end. */
	return code == 0 || (code >= 0xdc00 && code < 0xe000) ? 0 : 6;
}

static bool string(struct scan_token *token)
{
	uint32_t at = token->start + 1;
	unsigned step;

	for (; at < token->length && token->text[at] != '"'; at += step) {
		const char *here = token->text + at;

		if (*here == '\n' || *here == '\r')
			return fail(token, token->start, at, "The text that begins here is not closed on its line.",
				    "Write \" at its end.");
		if ((unsigned char)*here < 0x20)
			return fail(token, at, at + 1, "A control character stands in a text.",
				    "Take it out; a tab is written \\t.");
		step = *here == '\\' ? escape_length(here) : utf8_length((const unsigned char *)here);
		if (!step && *here == '\\')
			return fail(
				token, at, at + 2, "There is no such character behind a backslash.",
				"Write \\\\ for a backslash itself; else \\\" \\/ \\b \\f \\n \\r \\t or \\u and four digits.");
		if (!step)
			return fail(token, at, at + 1, "This byte is not UTF-8.", "Save the file as UTF-8.");
	}
	if (at >= token->length)
		return fail(token, token->start, token->start + 1, "The text that begins here is never closed.",
			    "Write \" at its end.");
	token->end = at + 1;
	return true;
}

static size_t digits(const char *at)
{
	return strspn(at, "0123456789");
}

/* Behind a number of RFC 8259 section 6; NULL = it is none. */
static const char *number_end(const char *at)
{
	at += *at == '-';
	if (!digits(at) || (*at == '0' && isdigit((unsigned char)at[1])))
		return NULL;
	at += digits(at);
	if (*at == '.') {
		if (!digits(++at))
			return NULL;
		at += digits(at);
	}
	if (*at == 'e' || *at == 'E') {
		at += at[1] == '+' || at[1] == '-' ? 2 : 1;
		if (!digits(at))
			return NULL;
		at += digits(at);
	}
	return at;
}

static bool number(struct scan_token *token)
{
	uint32_t end = scan_token_word_end(token);
	const char *at = token->text + token->start;
	const char *behind = number_end(at);

	token->end = end;
	if (behind == token->text + end)
		return true;
	if (at[0] == '0' && (at[1] | 32) == 'x')
		return fail(token, token->start, end, "JSON knows no hexadecimal numbers.",
			    "Put it in quotes, such as \"0x80000000\".");
	if (end - token->start > 1 && strchr("KMGkmg", token->text[end - 1]) && digits(at) == end - token->start - 1)
		return fail(token, token->start, end, "JSON knows no sizes with a letter behind them.",
			    "Put it in quotes, such as \"64M\".");
	if (at[0] == '0' && isdigit((unsigned char)at[1]))
		return fail(token, token->start, end, "A number begins with 0.",
			    "Take the 0 out; octal numbers are unknown.");
	return fail(token, token->start, end, "This is no number.", "Write digits only, or put it in quotes.");
}

static bool word(struct scan_token *token)
{
	static const char *const words[] = { "true", "false", "null" };
	uint32_t length;

	token->end = scan_token_word_end(token);
	length = token->end - token->start;
	for (unsigned i = 0; i < 3; i++)
		if (strlen(words[i]) == length && memcmp(token->text + token->start, words[i], length) == 0)
			return true;
	return fail(token, token->start, token->end, "This word stands without quotes.",
		    "Put it in double quotes; only true, false and null stand without.");
}

/* What people paste into files: quotes of word processors, a mark of byte order, comments. */
static bool stranger(struct scan_token *token)
{
	const unsigned char *at = (const unsigned char *)token->text + token->start;
	unsigned step = utf8_length(at);

	if (*at == '\'')
		return fail(token, token->start, token->start + 1, "A text stands in single quotes.",
			    "Write \" instead.");
	if (*at == '/' || *at == '#')
		return fail(token, token->start, token->start + (uint32_t)strcspn((const char *)at, "\n"),
			    "JSON has no comments.", "Take it out; the field \"description\" takes words for people.");
	if (step == 3 && at[0] == 0xe2 && at[1] == 0x80 && at[2] >= 0x98 && at[2] <= 0x9f)
		return fail(token, token->start, token->start + 3, "This is a typographic quote.", "Write \" instead.");
	if (step == 3 && at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf)
		return fail(token, token->start, token->start + 3, "The file begins with a byte order mark.",
			    "Save it as UTF-8 without one.");
	return fail(token, token->start, token->start + (step ? step : 1), "No value begins like this.",
		    "Write a number, a text in double quotes, true, false, a list or an object.");
}

bool scan_token_read(struct scan_token *token)
{
	char first = token->text[token->start];

	if (first == '"')
		return string(token);
	if (isdigit((unsigned char)first) || strchr("+-.", first))
		return number(token);
	if (scan_token_is_word(first))
		return word(token);
	return stranger(token);
}
