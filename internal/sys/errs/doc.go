// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package errs gives errors a class and a stable code.
//
// Duty: the class says what the engine does about an error (tell the user, try again, stop the job, stop and touch
// nothing); the code is what a program or a person looks up. Both are set once, where the error is born, and survive
// wrapping with fmt.Errorf and %w. Callers branch with errors.Is on a Class or a Code, never on text.
//
// Invariants:
//
//	E1  Codes are never renamed and never reused for another meaning; the table in codes.go only grows.
//	E2  Corruption is sticky: an error tree that holds it anywhere is of class Corruption.
//
// Threading: errors are immutable; everything is safe for concurrent use. Lifetime: that of the error.
package errs
