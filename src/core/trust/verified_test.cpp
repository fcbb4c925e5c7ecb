// SPDX-License-Identifier: Apache-2.0
// The attacks on proof that a compiler can refuse: what is asserted here holds, or the tests do not build.
#include "core/trust/verified.h"

#include <type_traits>

#include "core/trust/permit.h"

namespace sallyport {
namespace {

template <class T>
constexpr bool only_verifiers_make =
    !std::is_default_constructible_v<Verified<T>> && !std::is_constructible_v<Verified<T>, T> &&
    !std::is_constructible_v<Verified<T>, T, Evidence> && !std::is_aggregate_v<Verified<T>> &&
    !std::is_convertible_v<T, Verified<T>> && std::is_copy_constructible_v<Verified<T>>;

static_assert(only_verifiers_make<Package>);
static_assert(only_verifiers_make<trust::Release>);
static_assert(only_verifiers_make<SignedVerdict>);
static_assert(only_verifiers_make<trust::CleanVerdict>);
static_assert(only_verifiers_make<ProposedOrder>);
static_assert(only_verifiers_make<ApprovedOrder>);

// What is merely genuine is not approved, what is merely signed is not clean.
static_assert(!std::is_constructible_v<Verified<ApprovedOrder>, Verified<ProposedOrder>>);
static_assert(!std::is_constructible_v<Verified<trust::CleanVerdict>, Verified<SignedVerdict>>);

// What was proved does not change.
static_assert(std::is_same_v<decltype(*std::declval<Verified<ApprovedOrder>&>()), const ApprovedOrder&>);
static_assert(std::is_same_v<decltype(std::declval<Verified<ApprovedOrder>&>().evidence()), const Evidence&>);

// A permission is spent, not copied, and made of proofs by trust::permit alone.
static_assert(!std::is_default_constructible_v<Permit>);
static_assert(!std::is_copy_constructible_v<Permit> && !std::is_copy_assignable_v<Permit>);
static_assert(std::is_move_constructible_v<Permit>);
static_assert(!std::is_constructible_v<Permit, Verified<Package>, Verified<trust::CleanVerdict>,
                                       Verified<ApprovedOrder>, std::optional<Verified<Logged>>>);
using PermitFunction = decltype(&trust::permit);
static_assert(std::is_invocable_v<PermitFunction, Verified<Package>, Verified<trust::CleanVerdict>,
                                  Verified<ApprovedOrder>, std::optional<Verified<Logged>>, NodeFacts, Policy,
                                  Instant>);
static_assert(
    !std::is_invocable_v<PermitFunction, Package, Verified<trust::CleanVerdict>, Verified<ApprovedOrder>,
                         std::optional<Verified<Logged>>, NodeFacts, Policy, Instant>);
static_assert(
    !std::is_invocable_v<PermitFunction, Verified<Package>, Verified<SignedVerdict>, Verified<ApprovedOrder>,
                         std::optional<Verified<Logged>>, NodeFacts, Policy, Instant>);
static_assert(!std::is_invocable_v<PermitFunction, Verified<Package>, Verified<trust::CleanVerdict>,
                                   Verified<ProposedOrder>, std::optional<Verified<Logged>>, NodeFacts,
                                   Policy, Instant>);
// A proof that was only read, or checked by others, is none.
static_assert(!std::is_invocable_v<PermitFunction, Verified<Package>, Verified<trust::CleanVerdict>,
                                   Verified<ApprovedOrder>, Logged, NodeFacts, Policy, Instant>);
static_assert(!std::is_constructible_v<Verified<Logged>, Logged, Evidence>);

}  // namespace
}  // namespace sallyport
