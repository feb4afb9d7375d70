// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package javatime formats and parses times by the pattern letters of Java: those of java.time.format.DateTimeFormatter and those of
// java.text.SimpleDateFormat, which SQL functions take. Texts (months, week days) are English.
//
// Times are microseconds of a wall clock since 1970-01-01 00:00 and nanoseconds below; zones are the caller's. A Format is immutable;
// a Formatter remembers its last output and belongs to one goroutine.
package javatime
