// Gongdi 共缔 is the backend of a mini-program with which a street office renews
// its old housing estates.
package main

import (
	"os"

	"gongdi/cmd"
)

func main() { os.Exit(cmd.Main(os.Args[1:])) }
