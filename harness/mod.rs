//! Our side of the wire, and the judge.
