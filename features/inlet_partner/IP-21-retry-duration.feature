@IP-21
Feature: Repeating goes on for at least 30 minutes, or until success

  Scenario Outline: <case>
    Given the retry laboratory has run its course
    Then the attempts of "<case>" go on for long enough

    Examples:
      | case                                    |
      | the upstream never answers              |
      | the upstream answers after 20 minutes   |
      | the connection breaks for 20 minutes    |
      | Inlet says nothing for 20 minutes       |
      | the update times out for 20 minutes     |
      | the revocation times out for 20 minutes |
