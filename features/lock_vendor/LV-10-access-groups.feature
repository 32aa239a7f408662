@LV-10
Feature: Access groups are listed

  Scenario: Every group has an id and a name
    When the access groups are listed
    Then there is at least one group
    And every group has an id of its own
    And every group has a name

  Scenario: Ids stay the same
    When the access groups are listed twice
    Then both lists of groups hold the same ids and names

  Scenario: No group is missing
    When the access groups are listed
    Then the list holds exactly the groups that exist
