@LV-35
Feature: The reported door follows the door

  Scenario: Open and closed
    When the door is opened
    Then the status tells that the door is open
    When the door is closed
    Then the status tells that the door is closed

  Scenario: Left ajar
    When the door is left ajar
    Then the status tells that the door is ajar, or open where the vendor has no word for it

  Scenario: Forced
    When the door is forced
    Then the status tells that the door is forced, or open where the vendor has no word for it
