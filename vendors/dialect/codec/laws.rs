//! Every two-way codec gives back what it keeps.
