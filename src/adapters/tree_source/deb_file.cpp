// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/deb_file.h"

#include <algorithm>
#include <array>
#include <map>

#include "adapters/tree_source/ar.h"
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/format/compressed.h"

namespace sallyport {
namespace {

constexpr std::size_t control_size_max = 1U << 20U;
// deb-preinst(5) and its like, deb-triggers(5), and debconf's.
constexpr std::array<std::string_view, 6> script_names{"config",  "postinst", "postrm",
                                                       "preinst", "prerm",    "triggers"};

Error refused(const std::string& where, std::string expected, std::string_view found) {
  return {Code::archive_malformed, where, std::move(expected), printable(found.substr(0, 200))};
}

// deb(5): debian-binary, control.tar.*, data.tar.*; members whose name begins with `_` are for others.
Result<ArMember> find_member(const ByteSource& file, const std::string& path, const std::string& wanted) {
  auto members = read_ar(file);
  if (!members.ok()) return refused(path, members.error().expected, members.error().found);
  std::erase_if(members.value(), [](const ArMember& member) { return member.name.starts_with("_"); });
  const auto& all = members.value();
  const bool usual = all.size() == 3 && all[0].name == "debian-binary" &&
                     all[1].name.starts_with("control.tar") && all[2].name.starts_with("data.tar");
  if (!usual) return refused(path, "debian-binary, control.tar and data.tar", "other members");
  const auto version = TRY(file.read(all[0].offset, std::min<std::uint64_t>(all[0].size, 16), 16));
  if (as_text(version) != "2.0\n") return refused(path, "format 2.0", as_text(version));
  return wanted == "control.tar" ? all[1] : all[2];
}

// dpkg takes the decoder from the name, and other tools from the bytes: they have to say the same.
Result<void> check_compression(const std::string& path, const ByteSource& file, const ArMember& member,
                               std::string_view inner) {
  const auto size = std::min<std::uint64_t>(member.size, 6);
  const auto compression = stream_kind_of(TRY(file.read(member.offset, size, size)));
  const auto ending = std::string_view(member.name).substr(inner.size());
  const bool fits = ending == (compression == StreamKind::gzip   ? ".gz"
                               : compression == StreamKind::xz   ? ".xz"
                               : compression == StreamKind::zstd ? ".zst"
                                                                 : "");
  if (fits) return {};
  return refused(path, "a member called by its compression", member.name);
}

// deb-control(5): lines of "Name: value", and more of a value behind a blank. One paragraph, each field once, whatever
// the case of its name: what is read twice in two ways by two tools is refused.
class ControlFields {
 public:
  explicit ControlFields(const std::string& path) : path_(path) {}

  Result<void> read(std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      if (end == std::string_view::npos) return refused(path_, "a control file of whole lines", text);
      TRY(add(text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
    return {};
  }

  // In its usual spelling, on one line.
  Result<std::string> value(const std::string& name) const {
    const auto found = fields_.find(lower(name));
    const bool usual = found != fields_.end() && found->second.name == name && found->second.lines == 1;
    const auto text = usual ? found->second.value : std::string();
    if (text.empty() || text.size() > 200 || !is_plain_text(text) || text.front() == ' ' ||
        text.back() == ' ')
      return refused(path_, name + " in its control file, once, on one line", text);
    return text;
  }

 private:
  struct Field {
    std::string name;
    std::string value;
    int lines = 1;
  };

  Result<void> add(std::string_view line) {
    if (line.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos)
      return refused(path_, "a control file of text", line);
    const bool blank = line.find_first_not_of(" \t") == std::string_view::npos;
    if (blank) ended_ = true;
    if (blank) return {};
    if (ended_) return refused(path_, "one paragraph in its control file", line);
    if (line.front() == ' ' || line.front() == '\t') {
      if (last_ == nullptr) return refused(path_, "a field before more of its value", line);
      ++last_->lines;
      return {};
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (colon == std::string_view::npos || name.empty() || !plain || name.front() == '#' ||
        name.front() == '-')
      return refused(path_, "fields in its control file", line);
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    const auto [at, added] = fields_.emplace(lower(name), Field{std::string(name), std::string(value)});
    if (!added) return refused(path_, "each field once in its control file", name);
    last_ = &at->second;
    return {};
  }

  const std::string& path_;
  std::map<std::string, Field> fields_;  // by their names in small letters
  Field* last_ = nullptr;
  bool ended_ = false;
};

Result<DebControl> parse_control(const std::string& path, std::string_view text) {
  ControlFields fields(path);
  TRY(fields.read(text));
  auto package = TRY(fields.value("Package"));
  auto version = TRY(fields.value("Version"));
  auto architecture = TRY(fields.value("Architecture"));
  return DebControl{std::move(package), std::move(version), std::move(architecture), {}};
}

}  // namespace

Result<std::unique_ptr<TarStream>> open_deb(const SourceFileName& file, const std::string& inner) {
  auto bytes = TRY(open_source(file));
  const auto member = TRY(find_member(*bytes, file.name, inner));
  TRY(check_compression(file.name, *bytes, member, inner));
  return TarStream::open({file.name, std::move(bytes), member.offset, member.size, Code::archive_malformed});
}

Result<DebControl> read_deb_control(const SourceFileName& file) {
  const auto archive = TRY(open_deb(file, "control.tar"));
  std::optional<DebControl> control;
  std::vector<std::string> scripts;
  while (true) {
    const auto found = TRY(archive->next());
    if (!found) break;
    const auto& name = found->entry.path.text();
    if (std::find(script_names.begin(), script_names.end(), name) != script_names.end())
      scripts.push_back(name);
    if (name != "control") continue;
    if (control) return refused(file.name, "one control file", "two");
    if (found->entry.size > control_size_max)
      return refused(file.name, "a control file of at most 1 MiB", "more");
    Bytes bytes(found->entry.size);
    TRY(archive->read(bytes));
    control = TRY(parse_control(file.name, as_text(bytes)));
  }
  if (!control) return refused(file.name, "a control file", "none");
  std::sort(scripts.begin(), scripts.end());
  if (std::adjacent_find(scripts.begin(), scripts.end()) != scripts.end())
    return refused(file.name, "each script once", "one twice");
  control->scripts = std::move(scripts);
  return std::move(*control);
}

}  // namespace sallyport
