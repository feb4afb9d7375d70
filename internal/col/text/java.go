// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text

import "spate/internal/col/civil"

// AppendLocalDateTime appends a wall clock as Java's LocalDateTime.toString: 2020-10-10T00:00:01.500, without seconds when they and
// the fraction are zero, and with 3, 6 or 9 digits of fraction.
func AppendLocalDateTime(dst []byte, micros int64, nanos int16) []byte {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	t := micros - days*civil.MicrosPerDay
	dst = append(appendLocalDate(dst, days), 'T')
	return appendLocalTime(dst, int(t/1_000_000), int(t%1_000_000)*1000+int(nanos), false)
}

// AppendInstant appends an instant as Java's Instant.toString: with seconds always, and Z.
func AppendInstant(dst []byte, micros int64, nanos int16) []byte {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	t := micros - days*civil.MicrosPerDay
	dst = append(appendLocalDate(dst, days), 'T')
	return append(appendLocalTime(dst, int(t/1_000_000), int(t%1_000_000)*1000+int(nanos), true), 'Z')
}

// AppendLocalTime appends a time of day as Java's LocalTime.toString.
func AppendLocalTime(dst []byte, millis int32) []byte {
	return appendLocalTime(dst, int(millis/1000), int(millis%1000)*1_000_000, false)
}

// AppendLocalDate appends a date as Java's LocalDate.toString: years beyond four digits have a sign.
func AppendLocalDate(dst []byte, days int32) []byte { return appendLocalDate(dst, int64(days)) }

func appendLocalDate(dst []byte, days int64) []byte {
	y, m, d := civil.Date(days)
	if y > 9999 {
		dst = append(dst, '+')
	}
	return appendYMD(dst, y, m, d)
}

func appendLocalTime(dst []byte, seconds, nano int, always bool) []byte {
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	dst = append(dst, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10))
	if s == 0 && nano == 0 && !always {
		return dst
	}
	dst = append(dst, ':', byte('0'+s/10), byte('0'+s%10))
	if nano == 0 {
		return dst
	}
	n := 9
	for n > 3 && nano%1000 == 0 {
		nano /= 1000
		n -= 3
	}
	var buf [9]byte
	for i := n - 1; i >= 0; i-- {
		buf[i] = byte('0' + nano%10)
		nano /= 10
	}
	return append(append(dst, '.'), buf[:n]...)
}
