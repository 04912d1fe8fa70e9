//! Every row against differences, and at its kinks.
