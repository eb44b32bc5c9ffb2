// Command pulumi-resource-snowflake is the Snowflake provider plugin that belongs to the npm package @pulumi/snowflake:
// Snowflake's own Terraform provider behind Pulumi's Terraform bridge.
//
// Pulumi downloads this plugin from its release page; set-up builds it where releases cannot be downloaded. The module
// versions in go.mod are the ones the npm package was generated from, so names and types agree with it.
package main

import (
	"github.com/Snowflake-Labs/terraform-provider-snowflake/pkg/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/info"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

const (
	pkg = "snowflake"
	mod = "index"
)

// version is the release of @pulumi/snowflake this plugin answers for; the build sets it.
var version = "0.0.0-dev"

// schema is Pulumi's package schema. Only code generation reads it, and the generated SDK comes from npm.
const schema = `{"name":"snowflake","language":{}}`

func snowflakeProvider() info.Provider {
	prov := info.Provider{
		P:       shimv2.NewProvider(provider.Provider()),
		Name:    pkg,
		Version: version,
		// The two names that the bridge's rules would spell differently from the npm package.
		Config: map[string]*info.Schema{
			"preview_features_enabled": {Name: "previewFeaturesEnabled"},
		},
		DataSources: map[string]*info.DataSource{
			"snowflake_system_get_privatelink_config": {
				Tok: tfbridge.MakeDataSource(pkg, mod, "getSystemGetPrivateLinkConfig"),
			},
		},
		// Says how earlier releases named and shaped things. There are none before this one.
		MetadataInfo: info.NewProviderMetadata([]byte(`{}`)),
	}
	prov.MustComputeTokens(tokens.SingleModule("snowflake_", mod, tokens.MakeStandard(pkg)))
	// The name of a resource whose program gives none: the logical name, a dash, random hexadecimal digits.
	prov.SetAutonaming(255, "-")
	return prov
}

func main() {
	tfbridge.Main(pkg, version, snowflakeProvider(), []byte(schema))
}
