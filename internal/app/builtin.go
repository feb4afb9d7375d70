// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"os"

	"spate/connector"
	"spate/internal/connectors/blackhole"
	"spate/internal/connectors/datagen"
	"spate/internal/connectors/filesystem"
	"spate/internal/connectors/nexmark"
	printer "spate/internal/connectors/print"
	"spate/internal/formats/csv"
	"spate/internal/formats/json"
)

// builtinConnectors lists the connectors that come with Spate.
func builtinConnectors() []*connector.Factory {
	return []*connector.Factory{
		blackhole.Factory(),
		datagen.Factory(),
		filesystem.Factory(),
		nexmark.Factory(),
		printer.Factory(os.Stdout, os.Stderr),
	}
}

// builtinFormats lists the formats that come with Spate.
func builtinFormats() []*connector.Format {
	return []*connector.Format{csv.Format(), json.Format()}
}
