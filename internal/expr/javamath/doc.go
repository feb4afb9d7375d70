// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package javamath has the transcendental functions as Java's Math class rounds them. Java's results are those of nearly correct
// rounding, which the functions of Go's math package miss in the last digit now and then; so these are computed with twice the digits
// and rounded once. The hyperbolic functions follow the formulas that Java is specified by. All functions are pure.
package javamath
