// SPDX-License-Identifier: Apache-2.0
// What each attempt of attempts.h does. Each is called in a process of its own and may leave it in any state. They give
// `went_through`, the errno that stopped them, or `not_to_be_tried`.
#pragma once

#include <cerrno>
#include <string>
#include <vector>

#include "core/base/path.h"

namespace sallyport::confine {

constexpr int went_through = 0;
constexpr int not_to_be_tried = 200;  // above every errno: there is no such way here

// What stopped the attempt before it began, and may not stop the next one (no room, no memory): not 0.
inline int stopped_by(int number) {
  return number == went_through ? EIO : number;
}

int execute_memory_file();
int execute_file(const char* path);  // written there before
int execute_unnamed_file();

int map_memory_file();
int map_data_file();
int make_memory_code();
int map_new_code();
int attach_segment_as_code();
int fill_code_on_fault();
int make_data_executable();

// Of the generation, with memory that is written and executed.
int execute_writable_code(const std::vector<RelativePath>& programs);

int open_own_memory();
int trace_sibling();
int write_to_sibling();

int make_namespace();
int make_mount();
int make_ring();
int open_by_handle();
int call_as_another_architecture();
int reach_into_kernel();

// The loader of the generation, told to look at a copy of the program that lies where the service may write.
int load_copy(const std::string& program);

// How an interpreter is given a script that has no first line.
enum class Script : unsigned char { file, text, input };
// By each of them; went_through when one could be executed.
int run_script(const std::vector<RelativePath>& interpreters, Script script);

}  // namespace sallyport::confine
