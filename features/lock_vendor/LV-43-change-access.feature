@LV-43
Feature: An access is changed without a new PIN

  Scenario: A guest stays longer
    When a PIN is created for the next two hours
    And its end is moved two hours later
    Then the same PIN opens until the new end and no longer

  Scenario: A guest moves to another room
    When a PIN is created for the next two hours
    And it is moved to another lock
    Then the same PIN opens the other lock and no longer the first
