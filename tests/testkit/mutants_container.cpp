// SPDX-License-Identifier: Apache-2.0
#include "core/format/zip_wire.h"
#include "testkit/mutants.h"
#include "testkit/raw_zip.h"

namespace sallyport::testkit {
namespace {

// Which member is lied about; not the manifest and not an end of the file.
constexpr std::size_t victim = 5;

class Container {
 public:
  Container(BytesView package, const TakeMutant& take)
      : good_(dissect(package)), bytes_(copy(package)), take_(take) {}

  void change(const std::string& id, const std::string& what, Code expected,
              const std::function<void(RawArchive&)>& edit) const {
    RawArchive archive = good_;
    edit(archive);
    take_({id, what, print(archive), {expected}});
  }
  void bytes(const std::string& id, const std::string& what, Code expected,
             const std::function<void(Bytes&)>& edit) const {
    Bytes changed = bytes_;
    edit(changed);
    take_({id, what, std::move(changed), {expected}});
  }
  // The same in both headers of the victim.
  void headers(const std::string& id, const std::string& what, Code expected,
               const std::function<void(RawHeader&)>& edit) const {
    change(id, what, expected, [&](RawArchive& archive) {
      edit(archive.members[victim].local);
      edit(archive.members[victim].central);
    });
  }
  // In the local header alone.
  void local(const std::string& what, const std::function<void(RawHeader&)>& edit) const {
    for (const std::size_t member : {std::size_t{0}, victim, good_.members.size() - 1}) {
      change("B07", "local header of member " + std::to_string(member) + ": " + what,
             Code::zip_headers_disagree, [&](RawArchive& archive) { edit(archive.members[member].local); });
    }
  }
  void named(const std::string& id, const std::string& name, Code expected = Code::zip_name_invalid) const {
    headers(id, "name " + name.substr(0, 40), expected, [&](RawHeader& header) {
      header.name = name;
      header.flags = zip::utf8_flag;
    });
  }
  // Another member at the end, with a name of the attacker's.
  void added(const std::string& id, const std::string& name, Code expected) const {
    change(id, "further member " + name, expected, [&](RawArchive& archive) {
      RawMember member = archive.members[victim];
      member.local.name = member.central.name = name;
      member.local.flags = member.central.flags = zip::utf8_flag;
      archive.members.push_back(member);
    });
  }

  const RawArchive& good() const { return good_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  RawArchive good_;
  Bytes bytes_;
  const TakeMutant& take_;
};

void names(const Container& container) {
  for (const std::string name : {"../x", "Files/../../x", "a/..", "Files/../sbom.cdx.json"}) {
    container.named("B01", name);
  }
  for (const std::string name :
       {"/etc/passwd", "//host/x", "C:/x", "C:x", "C:\\x", "\\\\host\\x", "a\\b", "a//b"}) {
    container.named("B02", name);
  }
  for (const std::string name : {"", ".", "a/.", "./a"}) container.named("B06", name);
  container.named("B06", "a/", Code::zip_member_unsupported);
  for (const std::string& name :
       {std::string("a\nb"), std::string("a\033[0mb"), std::string("a\0b", 3), std::string("a\xff"),
        std::string("a\xc0\xafz"), std::string("a\xe2\x80\xaegpj"), std::string("a\xe2\x80\x8b"),
        std::string(256, 'a')}) {
    container.named("B28", name);
  }
  std::string deep;
  while (deep.size() < 4096) deep += "d/";
  container.named("B28", deep + "x");
  container.headers("B31", "name beyond ASCII without the UTF-8 flag", Code::zip_name_invalid,
                    [](RawHeader& header) { header.name = "Files/\xc3\xa9"; });
}

void duplicates(const Container& container) {
  for (const std::string name :
       {"Artifacts/tree.json", "artifacts/TREE.json", "Artifacts/tree.json.", "Artifacts/tree.json ",
        "Artifacts./tree.json", "Artifacts", "Artifacts/tree.json/x", "Artifacts/content.pack"}) {
    container.added("B09", name, Code::zip_name_duplicate);
  }
  container.change("B09", "names that are equal after NFC", Code::zip_name_duplicate,
                   [](RawArchive& archive) {
                     for (const std::string name : {"Files/\xc3\xa9", "Files/e\xcc\x81"}) {
                       RawMember member = archive.members[victim];
                       member.local.name = member.central.name = name;
                       member.local.flags = member.central.flags = zip::utf8_flag;
                       archive.members.push_back(member);
                     }
                   });
  container.added("B09", std::string("Artifacts/tree.json\0", 20), Code::zip_name_invalid);
  container.added("B10", "other.mf", Code::package_layout_invalid);
  for (const std::string name :
       {"Files/x.qcow2", "Files/x.img", "Files/x.iso", "Files/x.mf", "Files/x.cert"}) {
    container.added("B36", name, Code::package_member_unlisted);
  }
}

void disagreements(const Container& container) {
  container.local("name", [](RawHeader& header) { header.name.back() = 'X'; });
  container.local("longer name", [](RawHeader& header) { header.name += 'X'; });
  container.local("shorter name", [](RawHeader& header) { header.name.pop_back(); });
  container.local("size", [](RawHeader& header) { ++header.size; });
  container.local("stored size", [](RawHeader& header) { --header.stored_size; });
  container.local("both sizes zero", [](RawHeader& header) { header.size = header.stored_size = 0; });
  container.local("method", [](RawHeader& header) { header.method = 8; });
  container.local("CRC", [](RawHeader& header) { header.crc ^= 1U; });
  container.local("flags", [](RawHeader& header) { header.flags = 8; });
  container.local("time", [](RawHeader& header) { ++header.time; });
  container.local("date", [](RawHeader& header) { ++header.date; });
  container.local("version", [](RawHeader& header) { header.version = 10; });
  container.local("extra field", [](RawHeader& header) { header.extra = {0x55, 0x54, 1, 0, 0}; });
  container.headers("B07", "CRC of both headers", Code::zip_checksum_mismatch,
                    [](RawHeader& header) { header.crc ^= 1U; });
}

void framing(const Container& container) {
  container.bytes("B08", "second end record", Code::zip_bytes_unaccounted, [](Bytes& bytes) {
    const Bytes end(bytes.end() - 22, bytes.end());
    bytes.insert(bytes.end(), end.begin(), end.end());
  });
  container.bytes("B08", "prefix that no offset knows", Code::zip_bytes_unaccounted,
                  [](Bytes& bytes) { bytes.insert(bytes.begin(), 512, 'x'); });
  container.bytes("B08", "a whole archive before", Code::zip_bytes_unaccounted, [](Bytes& bytes) {
    const Bytes again = bytes;
    bytes.insert(bytes.end(), again.begin(), again.end());
  });
  for (std::size_t i = 0; i < container.good().members.size(); ++i) {
    container.change("B08", "gap before member " + std::to_string(i), Code::zip_bytes_unaccounted,
                     [&](RawArchive& archive) { archive.members[i].gap_before = {0}; });
  }
  container.change("B08", "gap before the directory", Code::zip_bytes_unaccounted,
                   [](RawArchive& archive) { archive.gap_before_directory.resize(64); });
  container.change("B08", "gap before the end record", Code::zip_bytes_unaccounted,
                   [](RawArchive& archive) { archive.gap_before_end.resize(64); });
  container.change("B08", "comment", Code::zip_malformed,
                   [](RawArchive& archive) { archive.comment = "PK\5\6"; });
  container.change("B08", "comment of a member", Code::zip_malformed,
                   [](RawArchive& archive) { archive.members[victim].comment = "c"; });
  container.change("B08", "second disk", Code::zip_malformed, [](RawArchive& archive) { archive.disk = 1; });
  container.change("B08", "ZIP64 locator without need", Code::zip_malformed, [](RawArchive& archive) {
    zip::put(archive.gap_before_end, zip::locator64_signature);
    archive.gap_before_end.resize(zip::locator64_size);
  });
  for (const std::int32_t shift : {-1, 1, 1000}) {
    container.change("B08", "count wrong by " + std::to_string(shift), Code::zip_malformed,
                     [&](RawArchive& archive) { archive.count_shift = shift; });
  }
  container.change("B08", "directory size too small", Code::zip_bytes_unaccounted,
                   [](RawArchive& archive) { archive.directory_size_shift = -1; });
  container.change("B08", "directory size too large", Code::zip_malformed,
                   [](RawArchive& archive) { archive.directory_size_shift = 1; });
  container.change("B08", "directory offset too large", Code::zip_malformed,
                   [](RawArchive& archive) { archive.directory_offset_shift = 1; });
  for (const std::size_t count : {1U, 22U, 65535U}) {
    container.bytes("B19", std::to_string(count) + " bytes after the end", Code::zip_bytes_unaccounted,
                    [&](Bytes& bytes) { bytes.resize(bytes.size() + count); });
  }
  for (const std::size_t size : {container.size() - 1, container.size() - 21, container.size() - 22,
                                 container.size() / 2, std::size_t{31}, std::size_t{22}}) {
    container.bytes("B20", "cut to " + std::to_string(size) + " bytes", Code::truncated,
                    [&](Bytes& bytes) { bytes.resize(size); });
  }
  container.bytes("B24", "no bytes", Code::zip_malformed, [](Bytes& bytes) { bytes.clear(); });
}

void sizes(const Container& container) {
  for (const std::uint32_t size : {0U, 0x7fffffffU, 0x80000000U, 0xfffffffeU}) {
    container.headers("B16", "sizes of " + std::to_string(size), Code::zip_bytes_unaccounted,
                      [&](RawHeader& header) { header.size = header.stored_size = size; });
  }
  container.headers("B16", "ZIP64 sizes without the field", Code::zip_malformed,
                    [](RawHeader& header) { header.size = header.stored_size = zip::max32; });
  for (const std::uint64_t size : {1ULL << 32U, 1ULL << 63U, ~0ULL}) {
    container.headers("B16", "ZIP64 sizes of " + std::to_string(size), Code::zip_bytes_unaccounted,
                      [&](RawHeader& header) {
                        header.version = zip::version_zip64;
                        header.size = header.stored_size = zip::max32;
                        zip::put(header.extra, zip::zip64_extra_id);
                        zip::put(header.extra, std::uint16_t{16});
                        zip::put(header.extra, size);
                        zip::put(header.extra, size);
                      });
  }
  container.headers("B23", "both sizes too small", Code::zip_bytes_unaccounted, [](RawHeader& header) {
    --header.size;
    --header.stored_size;
  });
  container.headers("B23", "both sizes too large", Code::zip_bytes_unaccounted, [](RawHeader& header) {
    ++header.size;
    ++header.stored_size;
  });
  container.headers("B23", "size larger than stored", Code::zip_malformed,
                    [](RawHeader& header) { ++header.size; });
  container.headers("B23", "size smaller than stored", Code::zip_malformed,
                    [](RawHeader& header) { --header.size; });
  container.change("B22", "overlapping members", Code::zip_bytes_unaccounted,
                   [](RawArchive& archive) { archive.members[victim].offset_shift = -1; });
  container.change("P01", "more members than accepted", Code::zip_limit_exceeded, [](RawArchive& archive) {
    for (int i = 0; i < 5000; ++i) {
      RawMember member = archive.members[victim];
      member.local.name = member.central.name = "Files/" + std::to_string(i);
      archive.members.push_back(member);
    }
  });
}

void kinds(const Container& container) {
  const auto external = [&](const std::string& id, const std::string& what, std::uint32_t mode) {
    container.change(id, what, Code::zip_member_unsupported,
                     [&](RawArchive& archive) { archive.members[victim].external = mode << 16U; });
  };
  external("B03", "symbolic link", 0120777);
  external("B03", "folder", 0040755);
  external("B03", "device", 0060660);
  external("B26", "setuid", 0104755);
  external("B26", "setgid", 0102755);
  external("B26", "sticky", 0101755);
  container.headers("B22", "deflated", Code::zip_member_unsupported,
                    [](RawHeader& header) { header.method = 8; });
  container.headers("B30", "encrypted", Code::zip_member_unsupported,
                    [](RawHeader& header) { header.flags = 1; });
  container.headers("B30", "strongly encrypted", Code::zip_member_unsupported,
                    [](RawHeader& header) { header.flags = 0x41; });
  container.headers("B08", "data descriptor", Code::zip_member_unsupported,
                    [](RawHeader& header) { header.flags = 8; });
  container.change("B27", "extra field in the directory", Code::zip_malformed, [](RawArchive& archive) {
    archive.members[victim].central.extra = {0x75, 0x70, 1, 0, 0};
  });
}

// What the strict reader takes and nobody needs: a package has one way to write it.
void spellings(const Container& container) {
  const auto headers = [&](const std::string& what, const std::function<void(RawHeader&)>& edit) {
    container.headers("A03", what, Code::package_layout_invalid, edit);
  };
  headers("another time", [](RawHeader& header) { header.time = 1; });
  headers("another date", [](RawHeader& header) { ++header.date; });
  headers("UTF-8 flag without need", [](RawHeader& header) { header.flags = zip::utf8_flag; });
  headers("version 10 needed", [](RawHeader& header) { header.version = 10; });
  const auto member = [&](const std::string& what, const std::function<void(RawMember&)>& edit) {
    container.change("A03", what, Code::package_layout_invalid,
                     [&](RawArchive& archive) { edit(archive.members[victim]); });
  };
  member("another writer", [](RawMember& made) { ++made.made_by; });
  member("executable", [](RawMember& made) { made.external = std::uint32_t{0100755} << 16U; });
  member("made on FAT", [](RawMember& made) { made.made_by = made.made_by & 0xffU, made.external = 0x20; });
}

}  // namespace

void mutate_container(BytesView package, const TakeMutant& take) {
  const Container container(package, take);
  names(container);
  duplicates(container);
  disagreements(container);
  framing(container);
  sizes(container);
  kinds(container);
  spellings(container);
}

}  // namespace sallyport::testkit
