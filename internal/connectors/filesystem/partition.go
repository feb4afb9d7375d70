// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"net/url"
	"path/filepath"
	"strings"
)

// escaped are the characters that Flink, as Hive, does not put into the name of a partition's folder.
const escaped = "\"#%'*/:=?\\\x7F{[]^"

const hexDigits = "0123456789ABCDEF"

// appendEscaped appends a name or value for the name of a folder.
func appendEscaped(dst, s []byte) []byte {
	for _, c := range s {
		if c < ' ' || strings.IndexByte(escaped, c) >= 0 {
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

// partitionValue returns the value of a partition column in the path of a file below the table's folder. ok is false when the path does
// not have it.
func partitionValue(root, path, column string) (value string, ok bool) {
	rest, found := strings.CutPrefix(filepath.Dir(path), root)
	if !found {
		rest = filepath.Dir(path) // A pattern: look at the whole path.
	}
	for folder := range strings.SplitSeq(filepath.ToSlash(rest), "/") {
		key, v, isPartition := strings.Cut(folder, string(partitionSeparator))
		if !isPartition || unescape(key) != column {
			continue
		}
		return unescape(v), true
	}
	return "", false
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
