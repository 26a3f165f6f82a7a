// The part of ankerl::unordered_dense that the mediasoup worker uses, on the standard containers.
//
// The standard maps keep every guarantee of the original (and stable references beside it); they are somewhat slower,
// which does not show next to encryption and the kernel's sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
// The original promises well-spread bits (std::hash of an integer is the integer), so the result is mixed once more.
template<class T, class Enable = void>
struct hash
{
	auto operator()(T const& value) const -> std::uint64_t
	{
		return mix(std::hash<T>{}(value));
	}

	static auto mix(std::uint64_t bits) -> std::uint64_t
	{
		bits ^= bits >> 32;
		bits *= 0xe9846af9b1a615dULL;
		bits ^= bits >> 32;

		return bits;
	}
};

template<class Key, class Value, class Hash = hash<Key>>
using map = std::unordered_map<Key, Value, Hash>;

template<class Key, class Hash = hash<Key>>
using set = std::unordered_set<Key, Hash>;
} // namespace ankerl::unordered_dense
