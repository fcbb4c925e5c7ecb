// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/account_source.h"

#include <algorithm>

#include "core/format/accounts.h"

namespace sallyport::vendor {
namespace {

constexpr std::array<std::string_view, 2> places = {passwd_path, group_path};

class Text final : public SourceFile {
 public:
  explicit Text(std::string_view rest) : rest_(rest) {}
  Result<void> read(std::span<std::uint8_t> into) override {
    if (into.size() > rest_.size())
      return Error(Code::input_refused, "accounts", std::to_string(into.size()) + " more bytes",
                   std::to_string(rest_.size()));
    std::copy_n(rest_.begin(), into.size(), into.begin());
    rest_.remove_prefix(into.size());
    return {};
  }

 private:
  std::string_view rest_;
};

}  // namespace

AccountSource::AccountSource(TreeSource& files, const std::vector<User>& users,
                             const std::vector<Group>& groups)
    : files_(files) {
  if (!users.empty() || !groups.empty()) texts_ = {print_passwd(users), print_group(groups)};
}

Result<SourceListing> AccountSource::list() {
  auto listing = TRY(files_.list());
  count_ = listing.entries.size();
  if (texts_[0].empty()) return listing;
  for (const auto& entry : listing.entries) {
    if (std::find(places.begin(), places.end(), entry.path.text()) != places.end())
      return Error(Code::input_refused, entry.path.text(), "users and groups declared, or this file", "both");
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    listing.entries.push_back(
        {RelativePath::parse(places[i]).value(), EntryType::file, 0644, 0, 0, texts_[i].size(), {}, {}, {}});
  }
  return listing;
}

Result<std::unique_ptr<SourceFile>> AccountSource::open(std::size_t index) {
  if (index < count_) return files_.open(index);
  return std::unique_ptr<SourceFile>(std::make_unique<Text>(texts_.at(index - count_)));
}

}  // namespace sallyport::vendor
