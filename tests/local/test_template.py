"""template.yaml as the local stack reads it."""

from __future__ import annotations

import pytest
from infra.local import resources, template
from infra.local.faults import StackError
from infra.local.options import ROOT

TEMPLATE = template.load(ROOT / "template.yaml")


def test_every_table_of_the_functions_is_there():
    names = {table.logical for table in template.tables(TEMPLATE)}
    assert set(resources.TABLE_VARIABLES.values()) == names


def test_variables_name_the_tables_that_the_deployment_gives_them():
    functions = [
        body["Properties"] for body in TEMPLATE["Resources"].values() if body["Type"] == "AWS::Serverless::Function"
    ]
    given = [properties.get("Environment", {}).get("Variables", {}) for properties in functions]
    for variable, logical in resources.TABLE_VARIABLES.items():
        found = [variables[variable] for variables in given if variable in variables]
        assert found
        assert all(value == {"Ref": logical} for value in found)


def test_rows_age_everywhere_and_log_rows_are_streamed():
    tables = {table.logical: table for table in template.tables(TEMPLATE)}
    assert {table.ttl for table in tables.values()} == {"ttl"}
    assert tables["LogsTable"].create["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert "StreamSpecification" not in tables["ConfigTable"].create


def test_short_tags_and_references(tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(
        """
Parameters:
  Stage: { Type: String, Default: dev }
Resources:
  A:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AWS::StackName}-${Stage}-a"
      BillingMode: PAY_PER_REQUEST
      SSESpecification: { KMSMasterKeyId: !GetAtt Key.Arn }
      Tags: [{ Key: k, Value: !Sub ["${x}-${!literal}", { x: !Ref Stage }] }]
"""
    )
    (table,) = template.tables(template.load(path))
    assert table.name == "llm-gateway-local-dev-a"
    assert table.ttl is None


def test_sub_with_own_variables():
    value = {"Fn::Sub": ["${x}-${AWS::Region}-${Other}", {"x": {"Ref": "Stage"}}]}
    resolved = template.resolve(value, {"Parameters": {"Stage": {"Default": "dev"}}})
    assert resolved == "dev-us-east-1-llm-gateway-local-Other"


@pytest.mark.parametrize(
    "text", ["Resources: [", "- just\n- a list", "nothing: here", "", "a: !!python/object/apply:os.system [id]"]
)
def test_a_broken_template_is_one_clear_line(tmp_path, text):
    path = tmp_path / "t.yaml"
    path.write_text(text)
    with pytest.raises(StackError, match=r"t\.yaml") as caught:
        template.load(path)
    assert "\n" not in str(caught.value)


def test_a_missing_template_is_one_clear_line(tmp_path):
    with pytest.raises(StackError, match="cannot read"):
        template.load(tmp_path / "no.yaml")
