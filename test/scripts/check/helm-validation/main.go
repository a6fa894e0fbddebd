// Tells of values files whether Helm would take them for a chart, as `helm template` does before it renders. It reads YAML
// texts, a JSON string a line, and answers each with a line: a JSON string that says why not, or null.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// Helm compiles the schema for each validation, which takes a hundred times as long as to validate. So it is compiled once
// here, as Helm does it; of so many texts one is validated by Helm itself as well.
const wholly = 20

func main() {
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, in io.Reader, out io.Writer) error {
	chart, err := loader.LoadDir(folder)
	if err != nil {
		return err
	}
	schema, err := compiled(chart.Schema)
	if err != nil {
		return err
	}
	texts := json.NewDecoder(in)
	answers := json.NewEncoder(out)
	for count := 0; texts.More(); count++ {
		var text string
		if err := texts.Decode(&text); err != nil {
			return err
		}
		refusal := validate(text, chart, schema)
		if count%wholly == 0 {
			if own := validateWholly(text, chart); (own == nil) != (refusal == nil) {
				return fmt.Errorf("Helm says %v of what is %v here: %s", own, refusal, text)
			}
		}
		var why *string
		if refusal != nil {
			reason := strings.TrimSpace(refusal.Error())
			why = &reason
		}
		if err := answers.Encode(why); err != nil {
			return err
		}
	}
	return nil
}

func validate(text string, chart *chart.Chart, schema *jsonschema.Schema) error {
	given, err := common.ReadValues([]byte(text))
	if err != nil {
		return err
	}
	values, err := util.CoalesceValues(chart, given)
	if err != nil {
		return err
	}
	return schema.Validate(values.AsMap())
}

func validateWholly(text string, chart *chart.Chart) error {
	given, err := common.ReadValues([]byte(text))
	if err != nil {
		return err
	}
	_, err = util.ToRenderValues(chart, given, common.ReleaseOptions{}, nil)
	return err
}

func compiled(text []byte) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("file:///values.schema.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("file:///values.schema.json")
}
