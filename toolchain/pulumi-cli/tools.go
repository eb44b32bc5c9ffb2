//go:build tools

// Package tools pins the Pulumi CLI, which set-up builds where no release of it can be downloaded.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
