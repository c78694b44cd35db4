// SPDX-License-Identifier: MIT
#include "certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A board may start without a clock: valid from long ago, for as long as RFC 5280 4.1.2.5 has an answer. */
static int set_validity(X509 *cert)
{
	return ASN1_TIME_set_string(X509_getm_notBefore(cert), "20200101000000Z") &&
	       ASN1_TIME_set_string(X509_getm_notAfter(cert), "20491231235959Z");
}

static int set_serial(X509 *cert)
{
	unsigned char bytes[16];
	BIGNUM *number;
	int done;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return 0;
	bytes[0] &= 0x7f; /* positive (RFC 5280 4.1.2.2) */
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
	BN_free(number);
	return done;
}

static int add_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	int done;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	done = extension && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return done;
}

static int set_names(X509 *cert, const char *host_name)
{
	X509_NAME *name = X509_get_subject_name(cert);
	char alternatives[256];

	snprintf(alternatives, sizeof(alternatives), "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:%s", host_name);
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)host_name, -1, -1, 0) &&
	       X509_set_issuer_name(cert, name) && add_extension(cert, NID_subject_alt_name, alternatives) &&
	       add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(cert, NID_key_usage, "critical,digitalSignature") &&
	       add_extension(cert, NID_ext_key_usage, "serverAuth");
}

static X509 *sign(EVP_PKEY *key, const char *host_name)
{
	X509 *cert = X509_new();

	if (cert && X509_set_version(cert, X509_VERSION_3) && set_serial(cert) && set_validity(cert) &&
	    X509_set_pubkey(cert, key) && set_names(cert, host_name) && X509_sign(cert, key, EVP_sha256()))
		return cert;
	X509_free(cert);
	return NULL;
}

/* Complete under another name first: a power cut must not leave half a key. */
static int store(const char *path, EVP_PKEY *key, X509 *cert)
{
	char part[512];
	FILE *file;
	int fd, err = -EIO;

	snprintf(part, sizeof(part), "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!file) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	if (PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) && PEM_write_X509(file, cert) &&
	    fflush(file) == 0 && fsync(fd) == 0)
		err = 0;
	if (fclose(file) != 0 && !err)
		err = -errno;
	if (!err && rename(part, path) != 0)
		err = -errno;
	return err;
}

int certificate_prepare(const char *path, const char *host_name)
{
	EVP_PKEY *key;
	X509 *cert;
	int err = -EIO;

	if (access(path, R_OK) == 0)
		return 0;
	key = EVP_EC_gen("P-256");
	cert = key ? sign(key, host_name) : NULL;
	if (cert)
		err = store(path, key, cert);
	X509_free(cert);
	EVP_PKEY_free(key);
	return err;
}
