@LV-20
Feature: Locks are listed

  Scenario: Every lock has an id and a name
    When all locks are listed
    Then there is at least one lock
    And every lock has an id of its own
    And every lock has a name

  Scenario: Ids stay the same
    When all locks are listed twice
    Then both lists of locks hold the same ids and names

  Scenario: No lock is missing, on whatever page it stands
    When all locks are listed
    Then the list holds exactly the locks that exist
