// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/packer.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "core/crypto/file_digest.h"
#include "core/format/pack.h"
#include "core/format/zip.h"

namespace sallyport::vendor {
namespace {

constexpr std::uint64_t batch_size_max = 8U << 20U;  // bytes of content in memory at a time
constexpr std::size_t batch_files_max = 256;
constexpr std::uint64_t small_size_max = 4U << 20U;  // files up to here are read whole

struct StoredFrame {
  Bytes stored;
  std::uint32_t size;
};

struct SmallFile {
  std::size_t index;  // in the listing
  std::optional<FileDigest> digest{};
  std::vector<StoredFrame> frames{};  // none when the content is known from an earlier batch
};

class Packer {
 public:
  Packer(TreeSource& source, const SourceListing& listing, int level, Scratch& pack, Workers& workers,
         Progress& progress)
      : source_(source),
        listing_(listing),
        pack_(pack),
        workers_(workers),
        progress_(progress),
        digests_(listing.entries.size()) {
    for (std::size_t lane = 0; lane < workers.width(); ++lane) encoders_.emplace_back(level);
    std::set<std::uint64_t> sizes;
    for (const auto& entry : listing.entries) {
      if (entry.type == EntryType::file && !sizes.insert(entry.size).second) sizes_twice_.insert(entry.size);
    }
  }

  Result<Packed> run() {
    std::uint64_t batch_size = 0;
    for (std::size_t i = 0; i < listing_.entries.size(); ++i) {
      const auto& entry = listing_.entries[i];
      if (entry.type != EntryType::file || entry.same_as) continue;
      if (batch_size + entry.size > batch_size_max || batch_.size() == batch_files_max) {
        TRY(finish_batch());
        batch_size = 0;
      }
      if (entry.size > small_size_max) {
        TRY(finish_batch());
        TRY(large_file(i));
        batch_size = 0;
      } else {
        batch_.push_back({i});
        batch_size += entry.size;
      }
    }
    TRY(finish_batch());
    TRY(store());
    return result();
  }

 private:
  // One piece of work that stores what the batch before has left, and one for each item; on all lanes.
  Result<void> beside_storing(std::size_t count,
                              const std::function<Result<void>(std::size_t, FrameEncoder&)>& work) {
    std::atomic<std::size_t> next = 0;
    return workers_.run(encoders_.size(), [&](std::size_t lane) -> Result<void> {
      for (std::size_t i = next++; i <= count; i = next++) {
        if (i == 0) {
          TRY(store());
        } else {
          TRY(work(i - 1, encoders_[lane]));
        }
      }
      return {};
    });
  }

  Result<void> store() {
    for (const auto& frame : to_store_) {
      sha256_.update(frame);
      crc32_ = crc32(crc32_, frame);
      TRY(pack_.write(frame));
    }
    to_store_.clear();
    return {};
  }

  void append(ContentObject& object, StoredFrame frame) {
    object.frames.push_back({offset_, static_cast<std::uint32_t>(frame.stored.size()), frame.size});
    offset_ += frame.stored.size();
    to_store_.push_back(std::move(frame.stored));
  }

  Result<Bytes> read_small(std::size_t index) {
    const auto file = TRY(source_.open(index));
    Bytes content(listing_.entries[index].size);
    TRY(file->read(content));
    return content;
  }

  Result<void> work_small(SmallFile& file, Bytes& read, FrameEncoder& encoder) {
    if (source_.opening() == Opening::any_order) read = TRY(read_small(file.index));
    BytesView content = read;
    file.digest = file_digest(content);
    if (known_.count(*file.digest) != 0) return {};
    while (!content.empty()) {
      const auto part = content.first(std::min<std::size_t>(content.size(), frame_size));
      file.frames.push_back({TRY(encoder.encode(part)), static_cast<std::uint32_t>(part.size())});
      progress_.add(part.size());
      content = content.subspan(part.size());
    }
    return {};
  }

  Result<void> finish_batch() {
    if (batch_.empty()) return {};
    const bool any_order = source_.opening() == Opening::any_order;
    std::vector<Bytes> contents(batch_.size());
    for (std::size_t i = 0; !any_order && i < batch_.size(); ++i)
      contents[i] = TRY(read_small(batch_[i].index));
    TRY(beside_storing(batch_.size(), [&](std::size_t i, FrameEncoder& encoder) {
      return work_small(batch_[i], contents[i], encoder);
    }));
    for (auto& file : batch_) {
      digests_[file.index] = file.digest;
      if (!known_.insert(*file.digest).second) continue;
      ContentObject object{*file.digest, listing_.entries[file.index].size, {}};
      for (auto& frame : file.frames) append(object, std::move(frame));
      objects_.push_back(std::move(object));
    }
    batch_.clear();
    return {};
  }

  Result<void> large_file(std::size_t index) {
    const auto size = listing_.entries[index].size;
    std::optional<FileDigest> expected;
    // Frames are stored before the end of the file is seen, so whether it is the twin of another file has to be
    // known first. Only a file of the same size can be that.
    if (sizes_twice_.count(size) != 0) {
      expected = TRY(digest_of(index));
      digests_[index] = expected;
      if (known_.count(*expected) != 0) return {};
    }
    ContentObject object{file_digest({}), size, {}};
    object.digest = TRY(compress_large(index, object));
    if (expected && *expected != object.digest)
      return Error(Code::input_refused, listing_.entries[index].path.text(), "a file that nobody changes",
                   "one that changed while it was read");
    digests_[index] = object.digest;
    known_.insert(object.digest);
    objects_.push_back(std::move(object));
    return {};
  }

  Result<FileDigest> digest_of(std::size_t index) {
    const auto file = TRY(source_.open(index));
    FileDigester digester;
    Bytes part(frame_size);
    for (std::uint64_t rest = listing_.entries[index].size; rest > 0;) {
      const std::span<std::uint8_t> into(part.data(), std::min<std::uint64_t>(rest, part.size()));
      TRY(file->read(into));
      digester.update(into);
      rest -= into.size();
    }
    return digester.finish();
  }

  Result<FileDigest> compress_large(std::size_t index, ContentObject& object) {
    const auto file = TRY(source_.open(index));
    FileDigester digester;
    Bytes content(batch_size_max);
    for (std::uint64_t rest = object.size; rest > 0;) {
      const std::span<std::uint8_t> part(content.data(), std::min<std::uint64_t>(rest, content.size()));
      TRY(file->read(part));
      std::vector<StoredFrame> frames((part.size() + frame_size - 1) / frame_size);
      const auto work = [&](std::size_t i, FrameEncoder& encoder) -> Result<void> {
        if (i == 0) {
          digester.update(part);
          return {};
        }
        const auto at = (i - 1) * frame_size;
        const auto piece = part.subspan(at, std::min<std::size_t>(frame_size, part.size() - at));
        frames[i - 1] = {TRY(encoder.encode(piece)), static_cast<std::uint32_t>(piece.size())};
        return {};
      };
      TRY(beside_storing(frames.size() + 1, work));
      for (auto& frame : frames) append(object, std::move(frame));
      progress_.add(part.size());
      rest -= part.size();
    }
    return digester.finish();
  }

  Packed result() {
    for (std::size_t i = 0; i < listing_.entries.size(); ++i) {
      const auto& entry = listing_.entries[i];
      if (entry.same_as) digests_[i] = digests_[*entry.same_as];
    }
    // tree.json wants the one object without frames first.
    std::stable_partition(objects_.begin(), objects_.end(),
                          [](const ContentObject& object) { return object.frames.empty(); });
    return {std::move(digests_), std::move(objects_), offset_, crc32_, sha256_.finish_sha256()};
  }

  TreeSource& source_;
  const SourceListing& listing_;
  Scratch& pack_;
  Workers& workers_;
  Progress& progress_;
  std::vector<FrameEncoder> encoders_;  // one for each lane
  std::set<std::uint64_t> sizes_twice_;
  std::set<FileDigest> known_;
  std::vector<SmallFile> batch_;
  std::vector<Bytes> to_store_;  // frames whose place is settled
  std::vector<std::optional<FileDigest>> digests_;
  std::vector<ContentObject> objects_;
  std::uint64_t offset_ = 0;
  std::uint32_t crc32_ = 0;
  Hasher sha256_{Sha2::sha256};
};

}  // namespace

Result<Packed> pack_files(TreeSource& source, const SourceListing& listing, int level, Scratch& pack,
                          Workers& workers, Progress& progress) {
  return Packer(source, listing, level, pack, workers, progress).run();
}

}  // namespace sallyport::vendor
