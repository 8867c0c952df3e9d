//! The provider from outside, in one test binary.
