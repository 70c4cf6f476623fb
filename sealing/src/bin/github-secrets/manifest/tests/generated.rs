//! Texts that are made at random: the reader ends, and repeats no value.
