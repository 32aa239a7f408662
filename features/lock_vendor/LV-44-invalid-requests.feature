@LV-44
Feature: Wrong requests are refused and create nothing

  Scenario: A window that ends before it starts
    When a PIN is asked for with an end before its start
    Then it is refused as invalid
    And nothing was created

  Scenario: A window in the past
    When a PIN is asked for with a window in the past
    Then it is refused as invalid
    And nothing was created

  Scenario: A lock that does not exist
    When a PIN is asked for on an unknown lock
    Then it is refused as invalid or not found
    And nothing was created

  Scenario: A PIN that is too short
    Given the caller chooses the PIN
    When a PIN is asked for that is too short
    Then it is refused as invalid
    And nothing was created

  Scenario: A PIN that is too long
    Given the caller chooses the PIN
    When a PIN is asked for that is too long
    Then it is refused as invalid
    And nothing was created

  Scenario: A PIN with keys that the keypad does not have
    Given the caller chooses the PIN
    When a PIN is asked for with foreign keys
    Then it is refused as invalid
    And nothing was created
