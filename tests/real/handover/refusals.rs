//! Where offsets do not come along, and where they are of no use.
