//! The rules of letters as laws: who gets one, which way, how often; and what a text can and cannot say.

mod dealt;
mod queue;
mod written;
