// SPDX-License-Identifier: Apache-2.0
#include "roles/node/unpack.h"

#include <algorithm>
#include <functional>
#include <set>

#include "core/format/content.h"
#include "core/install/step.h"
#include "roles/node/books.h"
#include "roles/node/collect.h"
#include "roles/node/inspect.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t piece_cost = 32768;  // making a file, in bytes that could be written instead

FileMetadata metadata_of(const TreeEntry& entry) {
  return {entry.mode, entry.uid, entry.gid, entry.capabilities};
}

using Names = std::set<std::string>;

Result<Names> objects_there(Disk& disk) {
  auto objects = TRY(object_paths(disk));
  return Names(std::make_move_iterator(objects.begin()), std::make_move_iterator(objects.end()));
}

// What one worker does, portion by portion.
class Unpacker {
 public:
  Unpacker(Disk& disk, const std::string& tree, const Names& objects, ContentReader reader,
           Progress& progress)
      : disk_(disk), tree_(tree), objects_(objects), reader_(std::move(reader)), progress_(progress) {}

  Result<void> unpack(const Piece& piece) {
    std::vector<const SharedFile*> to_write;
    for (const auto& file : piece.files) {
      const auto reused = TRY(reuse(file));
      if (reused == Reused::no) to_write.push_back(&file);
    }
    if (to_write.empty()) return {};
    TRY(write(piece, to_write));
    written.insert(written.end(), to_write.begin(), to_write.end());
    return {};
  }

  std::vector<const SharedFile*> written;
  std::uint64_t bytes_written = 0;

 private:
  enum class Reused { yes, no };

  std::string at(const TreeEntry& entry) const { return tree_ + "/" + entry.path.text(); }

  Result<void> link_others(const SharedFile& file) {
    for (const auto* other : file.others) TRY(disk_.link(at(*file.first), at(*other)));
    return {};
  }

  Result<Reused> reuse(const SharedFile& file) {
    if (file.object.empty() || !objects_.contains(file.object)) return Reused::no;
    const auto intact = inspect_file(disk_, file.object, *file.first, progress_);
    if (!intact.ok()) {
      // What cannot be read is written anew as well: fs-verity makes damage look like that.
      const auto code = intact.error().code;
      if (kind_of(code) == Kind::fault && code != Code::io_failed) return intact.error();
      TRY(disk_.remove(file.object));
      return Reused::no;
    }
    auto linked = disk_.link(file.object, at(*file.first));
    if (!linked.ok() &&
        linked.error().code == Code::not_supported) {  // it has all the links that it can have
      TRY(disk_.remove(file.object));
      return Reused::no;
    }
    if (!linked.ok()) return linked.error();
    TRY(link_others(file));
    return Reused::yes;
  }

  Result<void> write(const Piece& piece, const std::vector<const SharedFile*>& files) {
    std::vector<std::unique_ptr<FileWriter>> writers;
    for (const auto* file : files) writers.push_back(TRY(disk_.create_file(at(*file->first))));
    const auto everywhere = [&](BytesView part) -> Result<void> {
      for (const auto& writer : writers) TRY(writer->write(part));
      bytes_written += part.size() * writers.size();
      progress_.add(part.size());
      return {};
    };
    if (piece.content != nullptr) TRY(reader_.copy(*piece.content, everywhere).within(at(*files[0]->first)));
    for (std::size_t i = 0; i < files.size(); ++i) {
      TRY(writers[i]->seal(metadata_of(*files[i]->first)));
      TRY(link_others(*files[i]));
    }
    return {};
  }

  Disk& disk_;
  const std::string& tree_;
  const Names& objects_;
  ContentReader reader_;
  Progress& progress_;
};

using Level = std::vector<const TreeEntry*>;

// Folders and links by their depth: what lies in one level is made and sealed independently of each other.
std::vector<Level> levels_of(const Tree& release) {
  std::vector<Level> levels;
  for (const auto& entry : release.entries) {
    if (entry.type == EntryType::file) continue;
    const auto& path = entry.path.text();
    const auto depth = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
    if (levels.size() <= depth) levels.resize(depth + 1);
    levels[depth].push_back(&entry);
  }
  return levels;
}

Result<void> for_each_in(const Level& level, Workers& workers,
                         const std::function<Result<void>(const TreeEntry&)>& action) {
  const auto portions = portions_of(std::vector<std::uint64_t>(level.size(), 1), level.size(), 64);
  return workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    for (auto i = portions[index].begin; i < portions[index].end; ++i) TRY(action(*level[i]));
    return {};
  });
}

Result<void> make_folders(Disk& disk, const std::string& tree, const std::vector<Level>& levels,
                          Workers& workers) {
  TRY(disk.make_folder(tree));
  for (const auto& level : levels) {
    TRY(for_each_in(level, workers, [&](const TreeEntry& entry) -> Result<void> {
      const auto path = tree + "/" + entry.path.text();
      if (entry.type == EntryType::directory) return disk.make_folder(path);
      TRY(disk.make_link(entry.link_target, path));
      return disk.set_link_owner(path, entry.uid, entry.gid);
    }));
  }
  return {};
}

// Last, and from the bottom: until then they are 0700.
Result<void> seal_folders(Disk& disk, const std::string& tree, const std::vector<Level>& levels,
                          Workers& workers) {
  const auto top = TRY(disk.find(tree));
  if (!top) return Error(Code::io_failed, tree);
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    TRY(for_each_in(*level, workers, [&](const TreeEntry& entry) -> Result<void> {
      if (entry.type != EntryType::directory) return {};
      return disk.seal_folder(tree + "/" + entry.path.text(), metadata_of(entry));
    }));
  }
  return disk.seal_folder(tree, {0755, top->uid, top->gid, {}});
}

std::vector<Portion> portions_by_size(const std::vector<Piece>& pieces) {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(pieces.size());
  for (const auto& piece : pieces) {
    const auto size = piece.content == nullptr ? 0 : piece.content->size;
    sizes.push_back((size + piece_cost) * std::max<std::size_t>(1, piece.files.size()));
  }
  return portions_of(sizes);
}

const ZipMember* pack_of(const Package& package) {
  return package.directory.find("Artifacts/content.pack");
}

Result<void> unpack_pieces(Disk& disk, const ByteSource& copy, const Package& package,
                           const std::string& tree, Unpacked& unpacked, Workers& workers,
                           Progress& progress) {
  const auto* pack = pack_of(package);
  if (pack == nullptr)
    return Error(Code::package_member_missing, "Artifacts/content.pack", "a member of this name", "none");
  const auto objects = TRY(objects_there(disk));
  const auto portions = portions_by_size(unpacked.pieces);
  std::vector<std::vector<const SharedFile*>> written(portions.size());
  std::vector<std::uint64_t> bytes(portions.size());
  TRY(workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    Unpacker unpacker(disk, tree, objects, ContentReader(copy, pack->data_offset, pack->size), progress);
    for (auto i = portions[index].begin; i < portions[index].end; ++i) {
      TRY(unpacker.unpack(unpacked.pieces[i]));
    }
    written[index] = std::move(unpacker.written);
    bytes[index] = unpacker.bytes_written;
    return {};
  }));
  for (std::size_t i = 0; i < portions.size(); ++i) {
    unpacked.written.insert(unpacked.written.end(), written[i].begin(), written[i].end());
    unpacked.bytes_written += bytes[i];
  }
  return {};
}

std::vector<Portion> written_portions(const Unpacked& unpacked) {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(unpacked.written.size());
  for (const auto* file : unpacked.written) sizes.push_back(file->first->size + piece_cost);
  return portions_of(sizes);
}

// A file is not what tree.json says: because the package does not hold that, or because the disk lost it.
Error whose_fault(const ByteSource& copy, const Package& package, const TreeEntry& entry,
                  const Error& found) {
  if (kind_of(found.code) == Kind::fault) return found;
  const auto* pack = pack_of(package);
  const auto object = std::find_if(package.tree.objects.begin(), package.tree.objects.end(),
                                   [&](const ContentObject& one) { return one.digest == entry.digest; });
  if (pack != nullptr && object != package.tree.objects.end()) {
    ContentReader reader(copy, pack->data_offset, pack->size);
    auto decoded = reader.read(*object, [](BytesView) { return Result<void>(); }).within(entry.path.text());
    if (!decoded.ok()) return decoded.take_error();
  }
  return {Code::io_failed, found.where, "what was written", found.found};
}

}  // namespace

Result<Unpacked> unpack(Disk& disk, const ByteSource& copy, const Package& package,
                        install::GenerationNumber generation, Workers& workers, Progress& progress) {
  const auto folder = install::partial_path(generation);
  const auto tree = folder + "/tree";
  TRY(disk.remove_tree(folder));
  TRY(disk.make_folder(folder));
  const auto levels = levels_of(package.tree);
  TRY(make_folders(disk, tree, levels, workers));
  Unpacked unpacked{pieces_of(package.tree), {}, 0};
  std::uint64_t size = 0;
  for (const auto& object : package.tree.objects) size += object.size;
  progress.begin("writing", size);
  TRY(unpack_pieces(disk, copy, package, tree, unpacked, workers, progress));
  TRY(seal_folders(disk, tree, levels, workers));
  return unpacked;
}

Result<void> read_back(const Ports& ports, const ByteSource& copy, const Package& package,
                       const Unpacked& unpacked, install::GenerationNumber generation) {
  ports.progress.begin("reading back", unpacked.bytes_written);
  const auto tree = install::partial_path(generation) + "/tree/";
  const auto portions = written_portions(unpacked);
  // The sync goes first, and waits for the disk most of the time.
  return ports.workers.run(1 + portions.size(), [&](std::size_t index) -> Result<void> {
    if (index == 0) return ports.disk.sync_all();
    for (auto i = portions[index - 1].begin; i < portions[index - 1].end; ++i) {
      const auto& entry = *unpacked.written[i]->first;
      const auto same = inspect_file(ports.disk, tree + entry.path.text(), entry, ports.progress);
      if (!same.ok()) return whose_fault(copy, package, entry, same.error());
    }
    return {};
  });
}

Result<void> share(Disk& disk, const Unpacked& unpacked, install::GenerationNumber generation,
                   Workers& workers) {
  const auto tree = install::partial_path(generation) + "/tree/";
  const auto portions = written_portions(unpacked);
  return workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    auto keeper = Frozen::by_kernel;
    for (auto i = portions[index].begin; i < portions[index].end; ++i) {
      const auto& file = *unpacked.written[i];
      // Before it has a name in the store: what is found there is frozen, if anything is.
      if (keeper == Frozen::by_kernel) keeper = TRY(disk.freeze(tree + file.first->path.text()));
      if (file.object.empty()) continue;
      // Two first paths may have one name in the store: the first one that gets there has it.
      auto linked = disk.link(tree + file.first->path.text(), file.object);
      if (!linked.ok() &&
          linked.error().code == Code::file_missing) {  // somebody took the store's folder away
        auto made = disk.ensure_folder(parent_of(file.object));
        if (!made.ok() && made.error().code != Code::file_exists) return made;  // another worker may be first
        linked = disk.link(tree + file.first->path.text(), file.object);
      }
      if (!linked.ok() && linked.error().code != Code::file_exists) return linked;
    }
    return {};
  });
}

}  // namespace sallyport::node
