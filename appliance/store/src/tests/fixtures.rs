//! Files of every released format stay here for ever, and must open. The audit's chain, too, is tried by changing
//! what stands in the file.
