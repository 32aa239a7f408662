//! What happens in a simulated world.
