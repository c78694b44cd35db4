// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "https.h"

#include "certificate.h"
#include "http.h"
#include "webui_assets.h"

struct world world;
struct agent agent;
struct http *http;
SSL_CTX *tls;
char answer[128 * 1024];

static int bind_any(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		abort();
	*port = ntohs(address.sin_port);
	return fd;
}

/* Two ports that nobody has at this moment; both are held until both are known, or they could be one. */
static void free_ports(int *first, int *second)
{
	int one = bind_any(first), other = bind_any(second);

	close(one);
	close(other);
}

static const unsigned char page[] = "<!doctype html>";
static const struct webui_asset assets[] = {
	{ "/index.html", "text/html; charset=utf-8", "\"e1\"", page, sizeof(page) - 1, false },
};

int server_open(void **state)
{
	char certificate[128];

	(void)state;
	world_open(&world, &agent);
	free_ports(&agent.options.https_port, &agent.options.http_port);
	agent.options.public_port = 8443;
	agent.assets = assets;
	agent.num_assets = 1;
	snprintf(certificate, sizeof(certificate), "%s/tls.pem", world.data);
	if (certificate_prepare(certificate, "board") != 0)
		return -1;
	tls = SSL_CTX_new(TLS_client_method());
	if (SSL_CTX_load_verify_locations(tls, certificate, NULL) != 1)
		return -1;
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	http = http_start(&agent, certificate);
	return http ? 0 : -1;
}

int server_close(void **state)
{
	(void)state;
	http_stop(http);
	SSL_CTX_free(tls);
	world_close(&world, &agent);
	return 0;
}

int connect_to(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval timeout = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	return fd;
}

struct client client_open(void)
{
	struct client client = { connect_to(agent.options.https_port), SSL_new(tls) };

	SSL_set_fd(client.ssl, client.fd);
	assert_int_equal(SSL_set1_host(client.ssl, "localhost"), 1);
	assert_int_equal(SSL_connect(client.ssl), 1);
	return client;
}

void client_close(struct client *client)
{
	SSL_free(client->ssl);
	close(client->fd);
}

bool complete(size_t used)
{
	const char *head_end, *length;

	answer[used] = '\0';
	head_end = strstr(answer, "\r\n\r\n");
	length = strstr(answer, "Content-Length: ");
	if (!head_end)
		return false;
	if (!length || length > head_end)
		return true;
	return used >= (size_t)(head_end + 4 - answer) + strtoul(length + 16, NULL, 10);
}

int receive(struct client *client)
{
	size_t used = 0;
	int count;

	answer[0] = '\0';
	while (!complete(used) && used < sizeof(answer) - 1) {
		count = SSL_read(client->ssl, answer + used, (int)(sizeof(answer) - 1 - used));
		if (count <= 0)
			break;
		used += (size_t)count;
	}
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

void send_bytes(struct client *client, const void *bytes, size_t size)
{
	assert_int_equal(SSL_write(client->ssl, bytes, (int)size), (int)size);
}

int ask(const char *text)
{
	struct client client = client_open();
	int status;

	send_bytes(&client, text, strlen(text));
	status = receive(&client);
	client_close(&client);
	return status;
}
