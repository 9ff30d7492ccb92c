//! Reads the whole tree and says, with file and line, where the house is not kept.
//!
//! Each rule is one function from a [`tree::Tree`] to findings, with a red test on a small made-up tree beside
//! it and one test that holds the real tree to it. What clippy and rustfmt already see is left to them.

#[cfg(test)]
mod casts;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod places;
#[cfg(test)]
mod pure;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod source;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod walls;
#[cfg(test)]
mod words;
