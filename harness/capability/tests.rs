//! What is made of hand-made exchanges.
