// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"fmt"

	"spate/schema"
)

func ExampleParseType() {
	t, err := schema.ParseType("row<id bigint not null, tags array<string>, at timestamp_ltz(3) 'when it happened'>")
	fmt.Println(t, err)
	fmt.Println(t.Summary())

	_, err = schema.ParseType("MAP<STRING, DECIMAL(40, 2)>")
	fmt.Println(err)
	// Output:
	// ROW<`id` BIGINT NOT NULL, `tags` ARRAY<VARCHAR(2147483647)>, `at` TIMESTAMP(3) WITH LOCAL TIME ZONE 'when it happened'> <nil>
	// ROW<`id` BIGINT NOT NULL, `tags` ARRAY<STRING>, `at` TIMESTAMP_LTZ(3) '...'>
	// type "MAP<STRING, DECIMAL(40, 2)>", position 21: the precision of DECIMAL must be between 1 and 38
}

func ExampleCommonType() {
	t, err := schema.CommonType(schema.TypeInt, schema.NewDecimal(5, 2).NotNull(), schema.TypeNull)
	fmt.Println(t, err)

	_, err = schema.CommonType(schema.TypeString, schema.TypeBoolean)
	fmt.Println(err)
	// Output:
	// DECIMAL(12, 2) <nil>
	// no common type for STRING and BOOLEAN
}

func ExampleType_MarshalText() {
	columns := schema.Schema{
		{Name: "id", Type: schema.TypeBigInt.NotNull()},
		{Name: "at", Type: schema.NewTimestamp(3).WithAttr(schema.RowTime)},
	}
	text, err := json.Marshal(columns)
	fmt.Println(string(text), err)
	// Output: [{"name":"id","type":"BIGINT NOT NULL"},{"name":"at","type":"TIMESTAMP(3) *ROWTIME*"}] <nil>
}
