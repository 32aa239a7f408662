//! What the doctor makes of a healthy subject, and of one that misbehaves.
