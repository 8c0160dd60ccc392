/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of an input line, read one after the other. */
#ifndef XPOT_WORDS_H
#define XPOT_WORDS_H

#include <string>
#include <vector>

namespace XPOT_NS {

class Words {
public:
  Words(int count, const char *const *words) : words_(words, words + count) {}
  bool empty() const { return next_ == words_.size(); }

  // The next word, which stays; behind the last: "nothing", as errors say it.
  std::string peek() const { return empty() ? "nothing" : words_[next_]; }

  // The next word.
  std::string take() {
    const std::string word = peek();
    if (!empty()) ++next_;
    return word;
  }

  // How many have been taken; the words from there to the next.
  size_t position() const { return next_; }
  std::vector<std::string> since(size_t position) const {
    return std::vector<std::string>(words_.begin() + position, words_.begin() + next_);
  }

private:
  std::vector<std::string> words_;
  size_t next_ = 0;
};

} // namespace XPOT_NS

#endif
