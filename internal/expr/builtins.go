// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

// builtins lists the functions by category.
func builtins() [][]*Function {
	return [][]*Function{
		comparisonFunctions(),
		logicalFunctions(),
		conditionalFunctions(),
		arithmeticFunctions(),
		castFunctions(),
		accessFunctions(),
		stringFunctions(),
		matchFunctions(),
		extractFunctions(),
		timeTextFunctions(),
		timeArithmeticFunctions(),
		clockFunctions(),
		constructorFunctions(),
		mathFunctions(),
		roundingFunctions(),
		arrayFunctions(),
		mapFunctions(),
		trimFunctions(),
		padFunctions(),
		partFunctions(),
		codeFunctions(),
		urlFunctions(),
		randomFunctions(),
		regexpFunctions(),
		miscFunctions(),
		jsonFunctions(),
		jsonMakers(),
		variantFunctions(),
		bitmapFunctions(),
		inetFunctions(),
		printfFunctions(),
		objectFunctions(),
	}
}
