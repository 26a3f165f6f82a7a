#define HEALTH_CONNECT_SRTP3_IMPLEMENTATION
#include "srtp.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct srtp3_policy
{
	srtp_policy_t policy;
	/* Master key followed by master salt, the layout that version 2 expects. */
	uint8_t key[SRTP_MAX_KEY_LEN];
};

srtp_err_status_t srtp3_policy_create(srtp3_policy_t* policy)
{
	*policy = calloc(1, sizeof(struct srtp3_policy));

	return *policy != NULL ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

void srtp3_policy_destroy(srtp3_policy_t policy)
{
	if (policy == NULL)
	{
		return;
	}

	/* Through a volatile pointer, so that the compiler cannot leave out the wiping of the key. */
	volatile uint8_t* byte = (volatile uint8_t*)policy;

	for (size_t i = 0; i < sizeof(struct srtp3_policy); ++i)
	{
		byte[i] = 0;
	}

	free(policy);
}

srtp_err_status_t srtp3_policy_set_ssrc(srtp3_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp3_policy_set_profile(srtp3_policy_t policy, srtp_profile_t profile)
{
	srtp_crypto_policy_t* rtp  = &policy->policy.rtp;
	srtp_crypto_policy_t* rtcp = &policy->policy.rtcp;

	switch (profile)
	{
		case srtp_profile_aead_aes_256_gcm:
			srtp_crypto_policy_set_aes_gcm_256_16_auth(rtp);
			srtp_crypto_policy_set_aes_gcm_256_16_auth(rtcp);
			return srtp_err_status_ok;

		case srtp_profile_aead_aes_128_gcm:
			srtp_crypto_policy_set_aes_gcm_128_16_auth(rtp);
			srtp_crypto_policy_set_aes_gcm_128_16_auth(rtcp);
			return srtp_err_status_ok;

		case srtp_profile_aes128_cm_sha1_80:
			srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(rtp);
			srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(rtcp);
			return srtp_err_status_ok;

		/* RFC 5764 section 4.1.2: the short tag is for RTP only, RTCP keeps 80 bits. */
		case srtp_profile_aes128_cm_sha1_32:
			srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(rtp);
			srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(rtcp);
			return srtp_err_status_ok;

		default:
			return srtp_err_status_bad_param;
	}
}

srtp_err_status_t srtp3_policy_add_key(
  srtp3_policy_t policy,
  const uint8_t* key,
  size_t key_len,
  const uint8_t* salt,
  size_t salt_len,
  const uint8_t* mki,
  size_t mki_len)
{
	(void)mki;

	/* The worker uses one key without an identifier; anything else would be sent wrongly, so it is refused. */
	if (mki_len != 0 || key_len > sizeof(policy->key) || salt_len > sizeof(policy->key) - key_len)
	{
		return srtp_err_status_bad_param;
	}

	memcpy(policy->key, key, key_len);
	memcpy(policy->key + key_len, salt, salt_len);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp3_policy_set_allow_repeat_tx(srtp3_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp3_policy_set_window_size(srtp3_policy_t policy, size_t size)
{
	policy->policy.window_size = size;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp3_create(srtp_t* session, srtp3_policy_t policy)
{
	return srtp_create(session, &policy->policy);
}

typedef srtp_err_status_t (*in_place_transform)(srtp_t session, void* packet, int* len);

/* Copies the packet to the output (unless it is there already) and transforms it in place. */
static srtp_err_status_t apply(
  in_place_transform transform,
  size_t growth,
  srtp_t session,
  const uint8_t* in,
  size_t in_len,
  uint8_t* out,
  size_t* out_len)
{
	if (in_len > INT_MAX - growth || *out_len < in_len + growth)
	{
		return srtp_err_status_buffer_small;
	}

	if (out != in)
	{
		memmove(out, in, in_len);
	}

	int len                        = (int)in_len;
	const srtp_err_status_t status = transform(session, out, &len);

	if (status == srtp_err_status_ok)
	{
		*out_len = (size_t)len;
	}

	return status;
}

srtp_err_status_t srtp3_protect(
  srtp_t session, const uint8_t* in, size_t in_len, uint8_t* out, size_t* out_len, size_t mki_index)
{
	(void)mki_index;

	return apply(srtp_protect, SRTP_MAX_TRAILER_LEN, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_unprotect(srtp_t session, const uint8_t* in, size_t in_len, uint8_t* out, size_t* out_len)
{
	return apply(srtp_unprotect, 0, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_protect_rtcp(
  srtp_t session, const uint8_t* in, size_t in_len, uint8_t* out, size_t* out_len, size_t mki_index)
{
	(void)mki_index;

	return apply(srtp_protect_rtcp, SRTP_MAX_TRAILER_LEN, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_unprotect_rtcp(srtp_t session, const uint8_t* in, size_t in_len, uint8_t* out, size_t* out_len)
{
	return apply(srtp_unprotect_rtcp, 0, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_stream_remove(srtp_t session, uint32_t ssrc)
{
	/* Both versions take the SSRC in network byte order, which is how the worker passes it. */
	return srtp_remove_stream(session, ssrc);
}
